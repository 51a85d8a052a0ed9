/** Regions, logs and panics of each goroutine: rows of the thread's tables, sorted out once, by goroutine and in order. */
import type { ThreadTimeline } from "../../src/trace/thread-timeline.ts"
import { ByGoroutine } from "./by-goroutine.ts"
import type { TraceModel } from "./trace-model.ts"

export interface Region {
  readonly begin: number
  readonly end: number
  readonly name: string
}

export interface Message {
  readonly time: number
  readonly text: string
  readonly isPanic: boolean
}

/** Of a goroutine, those that are open somewhere in the window. */
export function regionsOf(model: TraceModel, track: number, from: number, to: number): ReadonlyArray<Region> {
  const { row, thread } = model.thread(track)
  const { begin, end, name } = thread.regions
  const rows = indexOf(thread, "regions").rows(row)
  const found: Array<Region> = []
  for (const at of rows) {
    if (begin[at]! > to) break
    if (end[at]! < from) continue
    found.push({ begin: begin[at]!, end: Math.min(end[at]!, model.end), name: model.timeline.texts[name[at]!]! })
  }
  return found
}

export function messagesOf(model: TraceModel, track: number, from: number, to: number): ReadonlyArray<Message> {
  const { row, thread } = model.thread(track)
  return (["logs", "panics"] as const).flatMap((table) => {
    const { text, time } = thread[table]
    return [...indexOf(thread, table).rows(row)]
      .filter((at) => time[at]! >= from && time[at]! <= to)
      .map((at) => ({ time: time[at]!, text: model.timeline.texts[text[at]!]!, isPanic: table === "panics" }))
  })
}

type Table = "regions" | "logs" | "panics"

const known = new WeakMap<ThreadTimeline, Map<Table, ByGoroutine>>()

function indexOf(thread: ThreadTimeline, table: Table): ByGoroutine {
  const tables = known.get(thread) ?? new Map<Table, ByGoroutine>()
  known.set(thread, tables)
  let index = tables.get(table)
  if (index === undefined) {
    index = new ByGoroutine(thread[table].goroutine, thread.goroutines.length)
    tables.set(table, index)
  }
  return index
}
