/** Which tracks are shown, in which order. */
import { StateClasses } from "../model/reason-class.ts"
import { filterRows } from "../model/table-order.ts"
import type { TraceModel } from "../trace/trace-model.ts"
import { CLASSES } from "../trace/tracks.ts"

export const orders = {
  running: "who ran longest",
  created: "in order of creation",
  runnable: "who was kept waiting to run",
  waiting: "who waited longest",
  name: "by name",
} as const

export type Order = keyof typeof orders

export const isOrder = (text: string | undefined): text is Order => text !== undefined && text in orders

/** Threads stay on top, whatever is looked for. */
export function rowsOf(model: TraceModel, filter: string, order: Order): ReadonlyArray<number> {
  const { count, threads } = model.tracks
  const threadTracks = Array.from({ length: threads }, (_, i) => i)
  // Without a filter nobody needs the rows' words, of which there may be a million.
  const tracks =
    filter === ""
      ? Array.from({ length: count - threads }, (_, i) => threads + i)
      : filterRows(model.rows(), filter).map(({ key }) => model.track(key)!)
  return [...threadTracks, ...sorted(model, tracks, order)]
}

function sorted(model: TraceModel, tracks: Array<number>, order: Order): ReadonlyArray<number> {
  if (order === "name") return tracks.sort((a, b) => (model.name(a) < model.name(b) ? -1 : 1))
  const measure = new Float64Array(model.tracks.count)
  for (const track of tracks) measure[track] = measured(model, track, order)
  return tracks.sort((a, b) => measure[b]! - measure[a]!)
}

function measured(model: TraceModel, track: number, order: Exclude<Order, "name">): number {
  switch (order) {
    case "running":
      return model.total(track, StateClasses.RUNNING)
    case "runnable":
      return model.total(track, StateClasses.RUNNABLE)
    case "waiting":
      return waited(model.tracks.totals, track)
    case "created":
      return -idOf(model, track)
  }
}

/** Numbers are given out in order, in each thread; a thread's goroutines stay together. */
function idOf(model: TraceModel, track: number): number {
  const { index, row, thread } = model.thread(track)
  return index * 2 ** 32 + thread.goroutines.id[row]!
}

function waited(totals: Float64Array, track: number): number {
  let sum = 0
  for (let kind = StateClasses.RUNNABLE + 1; kind < CLASSES; kind++) sum += totals[track * CLASSES + kind]!
  return sum
}
