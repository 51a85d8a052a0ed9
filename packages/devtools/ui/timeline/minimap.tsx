/** The whole trace, a strip for each thread, and in it the window: drag to choose another one. */
import { useEffect, useRef } from "preact/hooks"
import { isDark } from "../shell/theme.ts"
import { useCell } from "../state/cell.ts"
import { CLASSES } from "../trace/tracks.ts"
import type { TimelineController } from "./controller.ts"
import { layout } from "./layout.ts"
import { paintTrack } from "./paint-track.ts"
import { readPalette } from "./palette.ts"
import { pan, whole, zoom } from "./view.ts"

const MAX_STRIPS = 8

export function Minimap({ timeline }: { readonly timeline: TimelineController }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const dark = useCell(isDark)
  useEffect(() => {
    const element = canvas.current!
    const draw = (): void => paintWhole(element, timeline)
    const observer = new ResizeObserver(draw)
    observer.observe(element)
    draw()
    return () => observer.disconnect()
  }, [timeline, dark])
  useEffect(() => followDrag(canvas.current!, timeline), [timeline])
  return (
    <div class="minimap">
      <canvas ref={canvas} aria-hidden="true" />
      <Brush timeline={timeline} />
    </div>
  )
}

function Brush({ timeline }: { readonly timeline: TimelineController }) {
  const { from, to } = useCell(timeline.view)
  const all = whole(timeline.model)
  const share = (time: number): number => Math.min(Math.max((time - all.from) / (all.to - all.from), 0), 1)
  const left = share(from)
  const width = Math.max(share(to) - left, 0.002)
  return (
    <>
      <i class="shade" style={{ left: 0, width: `${left * 100}%` }} />
      <i class="brush" style={{ left: `${left * 100}%`, width: `${width * 100}%` }} />
      <i class="shade" style={{ left: `${(left + width) * 100}%`, right: 0 }} />
    </>
  )
}

function paintWhole(canvas: HTMLCanvasElement, { model }: TimelineController): void {
  const scale = devicePixelRatio
  const width = Math.round(canvas.clientWidth * scale)
  const height = Math.round(layout.minimap * scale)
  if (width === 0) return
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext("2d")!
  const image = new ImageData(width, height)
  const pixels = new Uint32Array(image.data.buffer)
  const palette = readPalette()
  pixels.fill(palette.background)
  const target = { pixels, width, height, shares: new Float32Array(width * CLASSES) }
  const strips = Math.min(model.tracks.threads, MAX_STRIPS)
  const strip = Math.floor(height / Math.max(strips, 1))
  for (let thread = 0; thread < strips; thread++) {
    paintTrack(model.tracks, thread, whole(model), palette, target, thread * strip, strip - 1)
  }
  context.putImageData(image, 0, 0)
}

function followDrag(canvas: HTMLCanvasElement, timeline: TimelineController): () => void {
  const gone = new AbortController()
  const { signal } = gone
  let began: number | undefined
  const timeAt = (event: MouseEvent): number => {
    const box = canvas.getBoundingClientRect()
    const all = whole(timeline.model)
    return all.from + ((event.clientX - box.left) / box.width) * (all.to - all.from)
  }
  canvas.addEventListener(
    "pointerdown",
    (event) => {
      canvas.setPointerCapture(event.pointerId)
      began = timeAt(event)
      const { from, to } = timeline.view.value
      timeline.look(pan(timeline.view.value, timeline.model, began - (from + to) / 2))
    },
    { signal },
  )
  canvas.addEventListener(
    "pointermove",
    (event) => {
      if (began === undefined) return
      const now = timeAt(event)
      const all = whole(timeline.model)
      if (Math.abs(now - began) < (all.to - all.from) * 0.004) return
      timeline.look({ from: Math.min(began, now), to: Math.max(began, now) })
    },
    { signal },
  )
  canvas.addEventListener("pointerup", () => (began = undefined), { signal })
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault()
      timeline.look(zoom(timeline.view.value, timeline.model, 2 ** (event.deltaY / 240), timeAt(event)))
    },
    { signal, passive: false },
  )
  return () => gone.abort()
}
