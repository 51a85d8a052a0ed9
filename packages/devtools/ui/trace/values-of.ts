/** What goroutines sent and received, where a trace has that. */
import type { ThreadTimeline } from "../../src/trace/thread-timeline.ts"
import { ByGoroutine } from "./by-goroutine.ts"
import type { TraceModel } from "./trace-model.ts"

export interface PassedValue {
  /** Its row in its thread's table. */
  readonly row: number
  readonly time: number
  /** Of who sent or received it; undefined where that is not known. */
  readonly track: number | undefined
  readonly isReceived: boolean
  /** The channel; 0 if not known. */
  readonly object: number
  readonly text: string
}

/** Of a goroutine, in the order of time: those between two times, but at most `most`, the last of them; and how many there are. */
export function valuesOf(
  model: TraceModel,
  track: number,
  from: number,
  to: number,
  most: number,
): { readonly values: ReadonlyArray<PassedValue>; readonly count: number } {
  const { index, row, thread } = model.thread(track)
  const { time } = thread.values
  const rows = indexOf(thread).rows(row)
  const first = firstFrom(rows, time, from)
  let end = first
  while (end < rows.length && time[rows[end]!]! <= to) end++
  const shown = rows.subarray(Math.max(first, end - most), end)
  return { values: Array.from(shown, (at) => passed(model, index, at)), count: end - first }
}

/** What went through a channel, latest first. */
export function valuesOfObject(
  model: TraceModel,
  threadIndex: number,
  object: number,
  most: number,
): ReadonlyArray<PassedValue> {
  const { length, object: objects } = model.timeline.threads[threadIndex]!.values
  const found: Array<PassedValue> = []
  for (let row = length - 1; row >= 0 && found.length < most; row--)
    if (objects[row] === object) found.push(passed(model, threadIndex, row))
  return found
}

/** As a sentence has it: what was lost has no text. */
export const valueText = ({ text }: Pick<PassedValue, "text">): string => (text === "" ? "(lost)" : text)

function passed(model: TraceModel, threadIndex: number, row: number): PassedValue {
  const { goroutine, isReceived, object, text, time } = model.timeline.threads[threadIndex]!.values
  return {
    row,
    time: time[row]!,
    track: goroutine[row]! < 0 ? undefined : model.trackOf(threadIndex, goroutine[row]!),
    isReceived: isReceived[row] === 1,
    object: object[row]!,
    text: model.timeline.texts[text[row]!]!,
  }
}

/** The first of `rows`, which are in the order of time, at `from` or later. */
function firstFrom(rows: Int32Array, time: Float64Array, from: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (time[rows[middle]!]! < from) low = middle + 1
    else high = middle
  }
  return low
}

const known = new WeakMap<ThreadTimeline, ByGoroutine>()

function indexOf(thread: ThreadTimeline): ByGoroutine {
  let index = known.get(thread)
  if (index === undefined)
    known.set(thread, (index = new ByGoroutine(thread.values.goroutine, thread.goroutines.length)))
  return index
}
