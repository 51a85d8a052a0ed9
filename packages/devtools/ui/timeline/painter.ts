/** Paints the timeline: tracks as pixels, then what stands upon them. */
import { duration } from "../model/figures.ts"
import { StateClasses } from "../model/reason-class.ts"
import { CLASSES, sliceAt } from "../trace/tracks.ts"
import { ticks } from "./ticks.ts"
import { drawFlows } from "./flows.ts"
import { drawMarks } from "./draw-marks.ts"
import { layout } from "./layout.ts"
import { paintTrack } from "./paint-track.ts"
import type { Palette } from "./palette.ts"
import { barTop, type Scene, xOf } from "./scene.ts"

export class Painter {
  readonly #context: CanvasRenderingContext2D
  #image: ImageData | undefined
  #pixels = new Uint32Array(0)
  #shares = new Float32Array(0)

  constructor(canvas: HTMLCanvasElement) {
    this.#context = canvas.getContext("2d", { alpha: false })!
  }

  /** Into the canvas as large as it is; `scale` is pixels to a CSS pixel. */
  paint(scene: Scene, palette: Palette, scale: number): void {
    const { height, width } = this.#context.canvas
    const image = this.#imageOf(width, height)
    this.#pixels.fill(palette.background)
    const target = { pixels: this.#pixels, width, height, shares: this.#shares }
    const first = Math.floor(scene.scroll / layout.row)
    const last = Math.min(scene.rows.length - 1, Math.floor((scene.scroll + height / scale) / layout.row))
    for (let row = first; row <= last; row++) {
      const top = Math.round(barTop(row, scene.scroll) * scale)
      paintTrack(scene.model.tracks, scene.rows[row]!, scene.view, palette, target, top, Math.round(layout.bar * scale))
    }
    this.#context.putImageData(image, 0, 0)
    this.#context.setTransform(scale, 0, 0, scale, 0, 0)
    this.#drawOver(scene, palette, first, last, width / scale, height / scale)
    this.#context.setTransform(1, 0, 0, 1, 0, 0)
  }

  #imageOf(width: number, height: number): ImageData {
    if (this.#image?.width !== width || this.#image.height !== height) {
      this.#image = new ImageData(width, height)
      this.#pixels = new Uint32Array(this.#image.data.buffer)
      this.#shares = new Float32Array(width * CLASSES)
    }
    return this.#image
  }

  #drawOver(scene: Scene, palette: Palette, first: number, last: number, width: number, height: number): void {
    const context = this.#context
    drawGrid(context, scene, palette, width, height)
    drawCollections(context, scene, palette, first, last, width)
    context.font = "11px system-ui, sans-serif"
    context.textBaseline = "middle"
    for (let row = first; row <= last; row++) drawLabels(context, scene, row, palette, width)
    drawMarks(context, scene, palette, first, last, width, height)
    if (scene.hover !== undefined) outline(context, scene, scene.hover, palette, width)
    if (scene.selected !== undefined) drawFlows(context, scene, scene.selected, palette, width, height)
  }
}

function drawGrid(
  context: CanvasRenderingContext2D,
  { model, view }: Scene,
  palette: Palette,
  width: number,
  height: number,
) {
  context.fillStyle = palette.line
  context.globalAlpha = 0.6
  for (const { time } of ticks(view.from, view.to, model.begin, width / 120)) {
    context.fillRect(Math.round(xOf(time, view, width)), 0, 1, height)
  }
  context.globalAlpha = 1
}

/** Over the thread that stood still. */
function drawCollections(
  context: CanvasRenderingContext2D,
  { model, rows, scroll, view }: Scene,
  palette: Palette,
  first: number,
  last: number,
  width: number,
): void {
  context.fillStyle = palette.gc
  for (let row = first; row <= last; row++) {
    const { row: goroutine, thread } = model.thread(rows[row]!)
    if (goroutine !== -1) continue
    const { begin, end, length } = thread.collections
    for (let i = 0; i < length; i++) {
      if (end[i]! < view.from || begin[i]! > view.to) continue
      const left = xOf(begin[i]!, view, width)
      context.fillRect(left, barTop(row, scroll), Math.max(xOf(end[i]!, view, width) - left, 1), 3)
    }
  }
}

const MIN_LABEL = 46

function drawLabels(
  context: CanvasRenderingContext2D,
  scene: Scene,
  row: number,
  palette: Palette,
  width: number,
): void {
  const { model, rows, scroll, view } = scene
  const { tracks } = model
  const track = rows[row]!
  if (tracks.offset[track] === tracks.offset[track + 1]) return
  const first = sliceAt(tracks, track, view.from)
  const last = sliceAt(tracks, track, view.to)
  // That many can't all be wide.
  if (last - first > width) return
  for (let index = first; index <= last; index++) {
    if (tracks.stateClass[index] === StateClasses.NONE) continue
    const slice = model.slice(track, index)
    const left = Math.max(xOf(slice.begin, view, width), 0)
    const room = Math.min(xOf(slice.end, view, width), width) - left - 8
    if (room < MIN_LABEL - 8) continue
    context.fillStyle = slice.stateClass > StateClasses.RUNNABLE ? palette.text : palette.onSlice
    const text = slice.runs === undefined ? slice.label : model.name(slice.runs)
    const long = `${text}  ${duration((slice.end - slice.begin) / 1e6)}`
    context.fillText(fitting(context, long, text, room), left + 4, barTop(row, scroll) + layout.bar / 2 + 0.5)
  }
}

const widths = new Map<string, number>()

function fitting(context: CanvasRenderingContext2D, long: string, text: string, room: number): string {
  if (measured(context, long) <= room) return long
  if (measured(context, text) <= room) return text
  const letters = Math.floor((text.length * room) / measured(context, text)) - 1
  return letters < 3 ? "" : `${text.slice(0, letters)}…`
}

function measured(context: CanvasRenderingContext2D, text: string): number {
  let width = widths.get(text)
  if (width === undefined) {
    if (widths.size > 5_000) widths.clear()
    widths.set(text, (width = context.measureText(text).width))
  }
  return width
}

function outline(
  context: CanvasRenderingContext2D,
  { model, rows, scroll, view }: Scene,
  { row, slice: index }: { readonly row: number; readonly slice: number },
  palette: Palette,
  width: number,
): void {
  const track = rows[row]
  if (track === undefined) return
  const { begin, end } = model.slice(track, index)
  const left = Math.max(xOf(begin, view, width), -2)
  const right = Math.min(xOf(end, view, width), width + 2)
  context.strokeStyle = palette.text
  context.lineWidth = 1.5
  context.strokeRect(left, barTop(row, scroll) - 1, Math.max(right - left, 2), layout.bar + 2)
}
