/**
 * The timeline between its events and its pictures: window, scroll, selection. It paints once a frame, however many events ask for it, and not at all while
 * nothing changes.
 */
import { Cell } from "../state/cell.ts"
import { adjust } from "../state/route.ts"
import type { TraceModel } from "../trace/trace-model.ts"
import { hit } from "./flows.ts"
import { Painter } from "./painter.ts"
import { type Palette, readPalette } from "./palette.ts"
import type { Scene } from "./scene.ts"
import { formatView, pan, type View, whole, zoom } from "./view.ts"

const ADDRESS_MILLIS = 250

export interface Hover {
  readonly row: number
  readonly slice: number
  /** Of the pointer, in the picture. */
  readonly x: number
  readonly y: number
}

export class TimelineController {
  readonly model: TraceModel
  readonly view: Cell<View>
  readonly hover: Cell<Hover | undefined> = new Cell<Hover | undefined>(undefined)
  /** Pictures painted: what is measured. */
  frames = 0
  #rows: ReadonlyArray<number> = []
  #selected: number | undefined
  #scroll = 0
  #canvas: HTMLCanvasElement | undefined
  #painter: Painter | undefined
  #palette: Palette | undefined
  #frame = 0
  #addressTimer: ReturnType<typeof setTimeout> | undefined

  /** Several that share a view show the same window. */
  constructor(model: TraceModel, view: Cell<View>) {
    this.model = model
    this.view = view
  }

  attach(canvas: HTMLCanvasElement): () => void {
    this.#canvas = canvas
    this.#painter = new Painter(canvas)
    const observer = new ResizeObserver(() => this.invalidate())
    observer.observe(canvas.parentElement!)
    const unfollow = this.view.subscribe(() => this.invalidate())
    this.invalidate()
    return () => {
      observer.disconnect()
      unfollow()
      cancelAnimationFrame(this.#frame)
      clearTimeout(this.#addressTimer)
      this.#frame = 0
      this.#canvas = undefined
    }
  }

  show(rows: ReadonlyArray<number>, selected: number | undefined): void {
    this.#rows = rows
    this.#selected = selected
    this.hover.set(undefined)
    this.invalidate()
  }

  scrollTo(scroll: number): void {
    this.#scroll = scroll
    this.invalidate()
  }

  /** The colours have changed. */
  repaint(): void {
    this.#palette = undefined
    this.invalidate()
  }

  look(view: View): void {
    this.view.set(view)
    clearTimeout(this.#addressTimer)
    // Browsers refuse a page that changes its address at every frame.
    this.#addressTimer = setTimeout(() => adjust({ t: formatView(view, this.model) }), ADDRESS_MILLIS)
  }

  /** Where the address leads: what was to be written there is out of date. */
  goTo(view: View): void {
    clearTimeout(this.#addressTimer)
    this.view.set(view)
  }

  zoomBy(factor: number, around?: number): void {
    const { from, to } = this.view.value
    this.look(zoom(this.view.value, this.model, factor, around ?? (from + to) / 2))
  }

  /** By a share of the window. */
  panBy(share: number): void {
    const { from, to } = this.view.value
    this.look(pan(this.view.value, this.model, share * (to - from)))
  }

  fit(): void {
    this.look(whole(this.model))
  }

  timeAt(x: number): number {
    const { from, to } = this.view.value
    return from + (x / this.width) * (to - from)
  }

  get width(): number {
    return this.#canvas?.clientWidth ?? 1
  }

  /** What lies under the pointer becomes what is hovered. */
  pointAt(x: number, y: number): Hover | undefined {
    const found = hit(this.#scene(), x, y, this.width)
    this.hover.set(found === undefined ? undefined : { ...found, x, y })
    this.invalidate()
    return this.hover.value
  }

  leave(): void {
    this.hover.set(undefined)
    this.invalidate()
  }

  /** The goroutine that a slice is about: of a thread's, who ran. */
  goroutineAt({ row, slice }: Hover): number | undefined {
    const track = this.#rows[row]
    if (track === undefined) return undefined
    return track < this.model.tracks.threads ? this.model.slice(track, slice).runs : track
  }

  trackOf(row: number): number | undefined {
    return this.#rows[row]
  }

  invalidate(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint())
  }

  #scene(): Scene {
    return {
      model: this.model,
      view: this.view.value,
      rows: this.#rows,
      scroll: this.#scroll,
      selected: this.#selected,
      hover: this.hover.value,
    }
  }

  #paint(): void {
    this.#frame = 0
    const canvas = this.#canvas
    if (canvas === undefined || this.#painter === undefined) return
    const box = canvas.parentElement
    // Out of the document already, and not yet detached.
    if (box === null) return
    const scale = devicePixelRatio
    if (fit(canvas, box.clientWidth, box.clientHeight, scale)) {
      this.#palette ??= readPalette()
      this.#painter.paint(this.#scene(), this.#palette, scale)
      this.frames++
    }
  }
}

/** As many pixels as the screen has there. False while there is no room. */
function fit(canvas: HTMLCanvasElement, width: number, height: number, scale: number): boolean {
  if (width === 0 || height === 0) return false
  const pixels = Math.round(width * scale)
  const lines = Math.round(height * scale)
  if (canvas.width !== pixels) canvas.width = pixels
  if (canvas.height !== lines) canvas.height = lines
  canvas.style.width = `${width}px`
  canvas.style.height = `${height}px`
  return true
}
