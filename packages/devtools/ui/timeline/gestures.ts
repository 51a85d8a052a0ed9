/** Mouse, wheel and touch on the picture. */
import type { TimelineController } from "./controller.ts"
import { pan } from "./view.ts"

/** A press that moves less than this is a click. */
const CLICK_PIXELS = 4

export interface GestureActions {
  scrollBy(pixels: number): void
  select(track: number): void
}

export function followGestures(
  canvas: HTMLCanvasElement,
  timeline: TimelineController,
  actions: GestureActions,
): () => void {
  const gone = new AbortController()
  const { signal } = gone
  let pressed: { x: number; y: number; moved: number } | undefined

  const at = (event: MouseEvent): { x: number; y: number } => {
    const box = canvas.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const wheel = (event: WheelEvent): void => {
    const { from, to } = timeline.view.value
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault()
      timeline.zoomBy(2 ** (event.deltaY / 240), timeline.timeAt(at(event).x))
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault()
      const pixels = event.deltaX === 0 ? event.deltaY : event.deltaX
      timeline.look(pan({ from, to }, timeline.model, (pixels / timeline.width) * (to - from)))
    }
    // Otherwise the rows scroll, as everything does.
  }
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return
    canvas.setPointerCapture(event.pointerId)
    pressed = { ...at(event), moved: 0 }
  }
  const move = (event: PointerEvent): void => {
    const { x, y } = at(event)
    if (pressed === undefined) {
      timeline.pointAt(x, y)
      return
    }
    const { from, to } = timeline.view.value
    pressed.moved += Math.abs(x - pressed.x) + Math.abs(y - pressed.y)
    if (pressed.moved < CLICK_PIXELS) return
    timeline.leave()
    timeline.look(pan({ from, to }, timeline.model, ((pressed.x - x) / timeline.width) * (to - from)))
    actions.scrollBy(pressed.y - y)
    pressed = { x, y, moved: pressed.moved }
  }
  const up = (event: PointerEvent): void => {
    const wasClick = pressed !== undefined && pressed.moved < CLICK_PIXELS
    pressed = undefined
    if (!wasClick) return
    const { x, y } = at(event)
    const found = timeline.pointAt(x, y)
    const track = found === undefined ? undefined : timeline.goroutineAt(found)
    if (track !== undefined) actions.select(track)
  }
  canvas.addEventListener("wheel", wheel, { signal, passive: false })
  canvas.addEventListener("pointerdown", down, { signal })
  canvas.addEventListener("pointermove", move, { signal })
  canvas.addEventListener("pointerup", up, { signal })
  canvas.addEventListener("pointercancel", () => (pressed = undefined), { signal })
  canvas.addEventListener("pointerleave", () => timeline.leave(), { signal })
  canvas.addEventListener("dblclick", () => timeline.zoomBy(0.25, timeline.timeAt(timeline.hover.value?.x ?? 0)), {
    signal,
  })
  return () => gone.abort()
}
