/** A goroutine as tables show it, wherever it comes from: a dump, or a trace. */
import type { GoroutineDump, ObjectDump, ThreadDump } from "../../src/format/dump.ts"
import { type StateClass, stateClass } from "./reason-class.ts"

export interface GoroutineRow {
  /** "0:12": thread and number, as in the address. */
  readonly key: string
  readonly thread: number
  readonly threadName: string
  readonly id: number
  readonly name: string
  readonly isMain: boolean
  readonly status: GoroutineDump["status"] | "ended"
  readonly reason: string
  readonly detail: string
  readonly stateClass: StateClass
  readonly waitMillis: number
  /** Where it waits, in its user's code; where it was started while that is not known. */
  readonly site: string
  readonly startedAt: string
  readonly parent: number | undefined
  /** Only of a dump. */
  readonly goroutine: GoroutineDump | undefined
}

export const keyOf = (thread: number, id: number): string => `${thread}:${id}`

/** `object`: what it waits on, or the first of it. */
export function rowOf(
  thread: Pick<ThreadDump, "thread" | "name">,
  goroutine: GoroutineDump,
  object?: ObjectDump,
): GoroutineRow {
  return {
    key: keyOf(thread.thread, goroutine.id),
    thread: thread.thread,
    threadName: thread.name,
    id: goroutine.id,
    name: goroutine.name,
    isMain: goroutine.isMain,
    status: goroutine.status,
    reason: goroutine.reason ?? "",
    detail: shortDetail(goroutine.detail ?? object?.detail ?? ""),
    stateClass: stateClass(goroutine.status, goroutine.reason),
    waitMillis: goroutine.waitMillis,
    site: goroutine.stack[0] ?? goroutine.startedAt ?? "",
    startedAt: goroutine.startedAt ?? "",
    parent: goroutine.parent,
    goroutine,
  }
}

/** "capacity 3, 3 buffered" of "a channel (capacity 3, 3 buffered)". */
export const shortDetail = (detail: string): string => /^an? [^(]*\((.*)\)$/.exec(detail)?.[1] ?? detail

/** What a row says it is doing. */
export const doing = (row: Pick<GoroutineRow, "status" | "reason">): string =>
  row.status === "waiting" ? row.reason || "waiting" : row.status

/** The file's name and line of "name (file:line:column)", for narrow columns. */
export function shortSite(site: string): string {
  const inner = /\(([^()]*)\)$/.exec(site)?.[1] ?? site
  return inner.replace(/^.*[/\\]/, "").replace(/(:\d+):\d+$/, "$1")
}
