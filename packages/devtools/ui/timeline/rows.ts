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
  const { threads, totals } = model.tracks
  const threadTracks = Array.from({ length: threads }, (_, i) => i)
  const all = model.rows()
  const tracks =
    filter === "" ? all.map((_, i) => threads + i) : filterRows(all, filter).map(({ key }) => model.track(key)!)
  const by = (measure: (track: number) => number): ReadonlyArray<number> => {
    const measures = new Map(tracks.map((track) => [track, measure(track)]))
    return tracks.toSorted((a, b) => measures.get(b)! - measures.get(a)!)
  }
  const total = (track: number, kind: number): number => totals[track * CLASSES + kind]!
  switch (order) {
    case "created":
      return [...threadTracks, ...tracks.toSorted((a, b) => idOf(model, a) - idOf(model, b))]
    case "running":
      return [...threadTracks, ...by((track) => total(track, StateClasses.RUNNING))]
    case "runnable":
      return [...threadTracks, ...by((track) => total(track, StateClasses.RUNNABLE))]
    case "waiting":
      return [...threadTracks, ...by((track) => waited(totals, track))]
    case "name":
      return [...threadTracks, ...tracks.toSorted((a, b) => (model.name(a) < model.name(b) ? -1 : 1))]
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
