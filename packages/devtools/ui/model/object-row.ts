/**
 * A channel or a lock as tables show it: of a dump, or of a trace. Never of both in one row: each numbers objects by itself, so #5 of the one is not #5 of the
 * other.
 */
import type { ObjectSummary } from "../trace/summarize.ts"
import type { TraceModel } from "../trace/trace-model.ts"
import type { DumpModel } from "./dump-model.ts"
import { type GoroutineRow, keyOf, shortDetail } from "./goroutine-row.ts"

export interface ObjectRow {
  readonly key: string
  readonly thread: number
  readonly threadName: string
  readonly id: number
  readonly kind: string
  readonly capacity: number | undefined
}

export interface ObjectNow extends ObjectRow {
  readonly detail: string
  readonly length: number | undefined
  readonly isClosed: boolean
  /** The oldest in its buffer, where the dump has values. */
  readonly values: ReadonlyArray<string>
  readonly owner: GoroutineRow | undefined
  /** Longest first. */
  readonly waiting: ReadonlyArray<GoroutineRow>
}

export interface ObjectThen extends ObjectRow {
  readonly summary: ObjectSummary
}

export type ObjectSort = "channel" | "lock"

/** Most waited for first. */
export function objectsNow(model: DumpModel, wanted: ObjectSort): ReadonlyArray<ObjectNow> {
  return model
    .objects(() => true)
    .map(({ object, thread, threadName }): ObjectNow => {
      const contended = model.contendedBy(thread, object.id)
      return {
        key: keyOf(thread, object.id),
        thread,
        threadName,
        id: object.id,
        kind: object.kind,
        capacity: object.capacity,
        detail: shortDetail(object.detail ?? ""),
        length: object.length,
        isClosed: object.isClosed === true,
        values: object.values ?? [],
        owner: contended?.owner === undefined ? undefined : model.rowOfNode(contended.owner),
        waiting: (contended?.waiting ?? []).map((node) => model.rowOfNode(node)),
      }
    })
    .filter(
      (row) =>
        sortOf(
          row,
          row.owner !== undefined,
          row.waiting.map(({ reason }) => reason),
        ) === wanted,
    )
    .sort((a, b) => b.waiting.length - a.waiting.length || a.thread - b.thread || a.id - b.id)
}

/** Most time waited first. */
export function objectsThen(model: TraceModel, wanted: ObjectSort): ReadonlyArray<ObjectThen> {
  return model.summary.objects
    .map((summary): ObjectThen => ({
      key: keyOf(summary.thread, summary.id),
      thread: summary.thread,
      threadName: model.timeline.threads[summary.threadIndex]!.name,
      id: summary.id,
      kind: summary.kind,
      capacity: summary.capacity,
      summary,
    }))
    .filter((row) => sortOf(row, false, [...row.summary.reasons.keys(), ...row.summary.ops.keys()]) === wanted)
}

/** By what is waited for there: kinds are names of classes, which may be anybody's. */
function sortOf(
  { capacity, kind }: ObjectRow,
  isOwned: boolean,
  reasons: ReadonlyArray<string>,
): ObjectSort | undefined {
  if (isOwned || reasons.some((reason) => reason.startsWith("sync."))) return "lock"
  if (reasons.some((reason) => /^(chan|select)/.test(reason)) || capacity !== undefined) return "channel"
  return /mutex|semaphore|lock|group|latch|barrier|cond/i.test(kind) ? "lock" : undefined
}
