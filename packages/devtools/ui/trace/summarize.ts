/** What a trace says of its objects and reasons: how often and how long was waited, for what, and who woke whom. One pass over the waits. */
import { latencyOf, type Percentiles } from "../../src/trace/latency.ts"
import type { Timeline } from "../../src/trace/timeline.ts"

/** As `weft summary` says it: of a wait that had begun before the recording. */
const BEGINNING_NOT_SEEN = "(beginning not seen)"

export interface ReasonSummary {
  readonly reason: string
  count: number
  totalNanos: number
  maxNanos: number
}

export interface ObjectSummary {
  readonly threadIndex: number
  readonly thread: number
  readonly id: number
  readonly kind: string
  readonly capacity: number | undefined
  readonly reasons: Map<string, ReasonSummary>
  waits: number
  totalNanos: number
  maxNanos: number
  /** At the end of the trace. */
  stillWaiting: number
  /** Rows of goroutines: how often each ended a wait for this. For a lock those are who held it. */
  readonly wakers: Map<number, number>
  /** By name of op: how often, by rows of goroutines. Only where ops were recorded. */
  readonly ops: Map<string, Map<number, number>>
  /** How full it was, in the order of time. */
  levels: { readonly time: Float64Array; readonly value: Int32Array } | undefined
}

export interface TraceSummary {
  readonly reasons: ReadonlyArray<ReasonSummary>
  readonly objects: ReadonlyArray<ObjectSummary>
  readonly latency: Percentiles
}

export function summarize(timeline: Timeline): TraceSummary {
  const reasons = new Map<string, ReasonSummary>()
  const objects: Array<ObjectSummary> = []
  timeline.threads.forEach((thread, threadIndex) => {
    const byId = new Map<number, ObjectSummary>()
    const objectOf = (id: number): ObjectSummary => {
      let found = byId.get(id)
      if (found === undefined) {
        const { capacity, kind } = thread.objects.get(id) ?? { kind: "object", capacity: undefined }
        found = empty(threadIndex, thread.thread, id, kind, capacity)
        byId.set(id, found)
        objects.push(found)
      }
      return found
    }
    const { waits } = thread
    for (let wait = 0; wait < waits.length; wait++) {
      const reason = timeline.texts[waits.reason[wait]!] || BEGINNING_NOT_SEEN
      const isOver = waits.end[wait] !== Infinity
      const nanos = (isOver ? waits.end[wait]! : thread.end) - waits.begin[wait]!
      addTo(reasons, reason, nanos)
      const id = waits.object[wait]!
      if (id === 0) continue
      const object = objectOf(id)
      addTo(object.reasons, reason, nanos)
      object.waits++
      object.totalNanos += nanos
      if (nanos > object.maxNanos) object.maxNanos = nanos
      if (!isOver) object.stillWaiting++
      const waker = waits.waker[wait]!
      if (waker >= 0) object.wakers.set(waker, (object.wakers.get(waker) ?? 0) + 1)
    }
    const { ops } = thread
    for (let op = 0; op < ops.length; op++) {
      if (ops.object[op] === 0) continue
      const byName = objectOf(ops.object[op]!).ops
      const name = timeline.texts[ops.name[op]!]!
      let counts = byName.get(name)
      if (counts === undefined) byName.set(name, (counts = new Map<number, number>()))
      counts.set(ops.goroutine[op]!, (counts.get(ops.goroutine[op]!) ?? 0) + 1)
    }
    addLevels(thread.levels, objectOf)
  })
  return {
    reasons: [...reasons.values()].sort((a, b) => b.totalNanos - a.totalNanos),
    objects: objects.sort((a, b) => b.totalNanos - a.totalNanos),
    latency: latencyOf(timeline.threads),
  }
}

function empty(
  threadIndex: number,
  thread: number,
  id: number,
  kind: string,
  capacity: number | undefined,
): ObjectSummary {
  return {
    ...{ threadIndex, thread, id, kind, capacity, reasons: new Map<string, ReasonSummary>() },
    ...{ waits: 0, totalNanos: 0, maxNanos: 0, stillWaiting: 0 },
    ...{ wakers: new Map<number, number>(), ops: new Map<string, Map<number, number>>(), levels: undefined },
  }
}

function addTo(summaries: Map<string, ReasonSummary>, reason: string, nanos: number): void {
  let found = summaries.get(reason)
  if (found === undefined) summaries.set(reason, (found = { reason, count: 0, totalNanos: 0, maxNanos: 0 }))
  found.count++
  found.totalNanos += nanos
  if (nanos > found.maxNanos) found.maxNanos = nanos
}

function addLevels(levels: Timeline["threads"][number]["levels"], objectOf: (id: number) => ObjectSummary): void {
  const counts = new Map<number, number>()
  for (let i = 0; i < levels.length; i++) counts.set(levels.object[i]!, (counts.get(levels.object[i]!) ?? 0) + 1)
  const filled = new Map<number, { time: Float64Array; value: Int32Array; length: number }>()
  for (const [id, n] of counts) {
    const of = { time: new Float64Array(n), value: new Int32Array(n), length: 0 }
    filled.set(id, of)
    objectOf(id).levels = of
  }
  for (let i = 0; i < levels.length; i++) {
    const of = filled.get(levels.object[i]!)!
    of.time[of.length] = levels.time[i]!
    of.value[of.length++] = levels.value[i]!
  }
}
