/** Arrows of the selected goroutine: from whoever woke it, and to those it woke. */
import type { TraceModel } from "../trace/trace-model.ts"
import { sliceAt } from "../trace/tracks.ts"
import { layout } from "./layout.ts"
import type { Palette } from "./palette.ts"
import { barTop, type Scene, xOf } from "./scene.ts"

/** More in the window than this say nothing any more. */
const MAX_ARROWS = 300

export interface Wake {
  readonly time: number
  readonly from: number
  readonly to: number
}

export function drawFlows(
  context: CanvasRenderingContext2D,
  scene: Scene,
  selected: number,
  palette: Palette,
  width: number,
  height: number,
): void {
  const { model, rows, scroll, view } = scene
  const wakes = wakesOf(model, selected)
  let index = firstAfter(wakes, view.from)
  const rowOf = rowsByTrack(rows)
  for (let drawn = 0; index < wakes.length && wakes[index]!.time <= view.to; index++) {
    if (++drawn > MAX_ARROWS) return
    const { from, time, to } = wakes[index]!
    const x = xOf(time, view, width)
    const fromRow = rowOf.get(from)
    const toRow = rowOf.get(to)
    if (fromRow === undefined || toRow === undefined || fromRow === toRow) continue
    const down = toRow > fromRow
    const y1 = barTop(fromRow, scroll) + (down ? layout.bar : 0)
    const y2 = barTop(toRow, scroll) + (down ? 0 : layout.bar)
    if (Math.max(y1, y2) < 0 || Math.min(y1, y2) > height) continue
    arrow(context, x, y1, y2, to === selected ? palette.text : palette.accent, palette)
  }
}

const known = new WeakMap<ReadonlyArray<number>, ReadonlyMap<number, number>>()

function rowsByTrack(rows: ReadonlyArray<number>): ReadonlyMap<number, number> {
  let found = known.get(rows)
  if (found === undefined) known.set(rows, (found = new Map(rows.map((track, row) => [track, row]))))
  return found
}

/** A line with a light edge, so that it is seen on any colour. */
function arrow(context: CanvasRenderingContext2D, x: number, y1: number, y2: number, stroke: string, palette: Palette) {
  const bend = Math.min(18, Math.abs(y2 - y1) / 3)
  const tip = y2 > y1 ? -5 : 5
  const trace = (): void => {
    context.beginPath()
    context.moveTo(x, y1)
    context.bezierCurveTo(x + bend, y1 + (y2 - y1) / 3, x + bend, y2 - (y2 - y1) / 3, x, y2)
    context.moveTo(x, y2)
    context.lineTo(x + 5, y2 + tip)
    context.moveTo(x, y2)
    context.lineTo(x - 2, y2 + tip * 1.3)
    context.stroke()
  }
  context.strokeStyle = palette.panel
  context.globalAlpha = 0.7
  context.lineWidth = 3.5
  trace()
  context.globalAlpha = 1
  context.strokeStyle = stroke
  context.lineWidth = 1.5
  trace()
}

let last: { readonly model: TraceModel; readonly track: number; readonly wakes: ReadonlyArray<Wake> } | undefined

/** In order of time. Those of the goroutine that was asked about last are kept. */
export function wakesOf(model: TraceModel, track: number): ReadonlyArray<Wake> {
  if (last?.model === model && last.track === track) return last.wakes
  const { index, row, thread } = model.thread(track)
  const { end, goroutine, length, waker } = thread.waits
  const wakes: Array<Wake> = []
  for (let wait = 0; wait < length; wait++) {
    const isMine = goroutine[wait] === row && waker[wait]! >= 0
    if (!isMine && waker[wait] !== row) continue
    wakes.push({
      time: end[wait]!,
      from: model.trackOf(index, waker[wait]!),
      to: model.trackOf(index, goroutine[wait]!),
    })
  }
  wakes.sort((a, b) => a.time - b.time)
  last = { model, track, wakes }
  return wakes
}

function firstAfter(wakes: ReadonlyArray<Wake>, time: number): number {
  let low = 0
  let high = wakes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (wakes[middle]!.time < time) low = middle + 1
    else high = middle
  }
  return low
}

/** What lies under the pointer. */
export function hit(scene: Scene, x: number, y: number, width: number): { row: number; slice: number } | undefined {
  const row = Math.floor((y + scene.scroll) / layout.row)
  const track = scene.rows[row]
  if (track === undefined) return undefined
  const { tracks } = scene.model
  if (tracks.offset[track] === tracks.offset[track + 1]) return undefined
  const time = scene.view.from + (x / width) * (scene.view.to - scene.view.from)
  const slice = sliceAt(tracks, track, time)
  const inside = time >= tracks.start[slice]! && time <= tracks.end[track]!
  return inside && tracks.stateClass[slice] !== 0 ? { row, slice } : undefined
}
