/** A channel or a lock as tables show it: what the dump says of now, what the trace says of then. */
import type { ObjectSummary } from "../trace/summarize.ts"
import type { TraceModel } from "../trace/trace-model.ts"
import type { DumpModel } from "./dump-model.ts"
import { type GoroutineRow, keyOf } from "./goroutine-row.ts"

export interface ObjectRow {
  readonly key: string
  readonly thread: number
  readonly id: number
  readonly kind: string
  readonly detail: string
  readonly length: number | undefined
  readonly capacity: number | undefined
  readonly isClosed: boolean
  readonly owner: GoroutineRow | undefined
  /** Longest first. */
  readonly waiting: ReadonlyArray<GoroutineRow>
  readonly traced: ObjectSummary | undefined
}

export type ObjectSort = "channel" | "lock"

/** Most waited for first. */
export function objectRows(
  dump: DumpModel | undefined,
  trace: TraceModel | undefined,
  wanted: ObjectSort,
): ReadonlyArray<ObjectRow> {
  const rows = new Map<string, ObjectRow>()
  for (const { object, thread } of dump?.objects(() => true) ?? []) {
    const contended = dump!.contendedBy(thread, object.id)
    rows.set(keyOf(thread, object.id), {
      key: keyOf(thread, object.id),
      thread,
      id: object.id,
      kind: object.kind,
      detail: object.detail ?? "",
      length: object.length,
      capacity: object.capacity,
      isClosed: object.isClosed === true,
      owner: contended?.owner === undefined ? undefined : dump!.rowOfNode(contended.owner),
      waiting: (contended?.waiting ?? []).map((node) => dump!.rowOfNode(node)),
      traced: undefined,
    })
  }
  for (const traced of trace?.summary.objects ?? []) {
    const key = keyOf(traced.thread, traced.id)
    rows.set(key, { ...(rows.get(key) ?? untouched(key, traced)), traced })
  }
  return [...rows.values()]
    .filter((row) => sortOf(row) === wanted)
    .sort((a, b) => b.waiting.length - a.waiting.length || waited(b) - waited(a) || a.thread - b.thread || a.id - b.id)
}

export const waited = ({ traced }: ObjectRow): number => traced?.totalNanos ?? 0

const untouched = (key: string, { capacity, id, kind, thread }: ObjectSummary): ObjectRow => ({
  ...{ key, thread, id, kind, detail: "", length: undefined, capacity, isClosed: false, owner: undefined, waiting: [] },
  traced: undefined,
})

/** By what is waited for there: kinds are names of classes, which may be anybody's. */
function sortOf({ capacity, kind, owner, traced, waiting }: ObjectRow): ObjectSort | undefined {
  const reasons = [
    ...waiting.map(({ reason }) => reason),
    ...(traced?.reasons.keys() ?? []),
    ...(traced?.ops.keys() ?? []),
  ]
  if (owner !== undefined || reasons.some((reason) => reason.startsWith("sync."))) return "lock"
  if (reasons.some((reason) => /^(chan|select)/.test(reason)) || capacity !== undefined) return "channel"
  return /mutex|semaphore|lock|group|latch|barrier|cond/i.test(kind) ? "lock" : undefined
}
