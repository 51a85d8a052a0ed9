/** An open trace, as the page asks about it. Goroutines are numbered over all threads, in the order of their tracks. */
import type { ThreadTimeline } from "../../src/trace/thread-timeline.ts"
import { GoroutineState } from "../../src/trace/thread-timeline.ts"
import { type GoroutineRow, keyOf } from "../model/goroutine-row.ts"
import { stateClass, StateClasses, stateClasses } from "../model/reason-class.ts"
import type { TraceData } from "./messages.ts"
import { CLASSES, sliceEnd, type Tracks } from "./tracks.ts"
import type { TraceSummary } from "./summarize.ts"

export interface Slice {
  readonly index: number
  readonly begin: number
  readonly end: number
  readonly stateClass: number
  /** "running", "runnable", or the reason of the wait. */
  readonly label: string
  /** What was waited on; 0 if not known. */
  readonly object: number
  /** Track of who woke it from a wait; -1: outside, undefined: not known, or no wait. */
  readonly waker: number | undefined
  /** Of a thread's slice: the track of the goroutine that ran. */
  readonly runs: number | undefined
}

export class TraceModel {
  readonly timeline: TraceData["timeline"]
  readonly tracks: Tracks
  readonly summary: TraceSummary
  readonly unreadBytes: number
  readonly tookMillis: number
  readonly begin: number
  readonly end: number
  readonly goroutines: { readonly count: number }
  /** The track of each thread's first goroutine. */
  readonly #bases: ReadonlyArray<number>
  #rows: ReadonlyArray<GoroutineRow> | undefined
  #byKey: ReadonlyMap<string, number> | undefined

  constructor({ summary, timeline, tookMillis, tracks, unreadBytes }: TraceData) {
    this.timeline = timeline
    this.tracks = tracks
    this.summary = summary
    this.unreadBytes = unreadBytes
    this.tookMillis = tookMillis
    this.begin = timeline.begin
    this.end = Math.max(timeline.end, timeline.begin + 1)
    this.goroutines = { count: tracks.count - tracks.threads }
    let base = tracks.threads
    this.#bases = timeline.threads.map(({ goroutines }) => (base += goroutines.length) - goroutines.length)
  }

  thread(track: number): { readonly thread: ThreadTimeline; readonly index: number; readonly row: number } {
    if (track < this.tracks.threads) return { thread: this.timeline.threads[track]!, index: track, row: -1 }
    let index = this.#bases.length - 1
    while (this.#bases[index]! > track) index--
    return { thread: this.timeline.threads[index]!, index, row: track - this.#bases[index]! }
  }

  trackOf(threadIndex: number, row: number): number {
    return this.#bases[threadIndex]! + row
  }

  /** Of a goroutine by its key in the address. */
  track(key: string): number | undefined {
    this.#byKey ??= new Map(this.rows().map((row, i) => [row.key, this.tracks.threads + i]))
    return this.#byKey.get(key)
  }

  key(track: number): string {
    const { row, thread } = this.thread(track)
    return keyOf(thread.thread, thread.goroutines.id[row]!)
  }

  name(track: number): string {
    const { row, thread } = this.thread(track)
    if (row === -1) return thread.name
    return this.timeline.texts[thread.goroutines.name[row]!] || `goroutine ${thread.goroutines.id[row]!}`
  }

  total(track: number, stateClass: number): number {
    return this.tracks.totals[track * CLASSES + stateClass]!
  }

  slice(track: number, index: number): Slice {
    const { index: threadIndex, row, thread } = this.thread(track)
    const stateClass = this.tracks.stateClass[index]!
    const ref = this.tracks.ref[index]!
    const isWait = stateClass > StateClasses.RUNNABLE
    const waker = isWait ? thread.waits.waker[ref]! : -2
    return {
      index,
      begin: this.tracks.start[index]!,
      end: sliceEnd(this.tracks, track, index),
      stateClass,
      label: isWait ? this.timeline.texts[thread.waits.reason[ref]!] || "waiting" : stateClasses[stateClass]!.label,
      object: isWait ? thread.waits.object[ref]! : 0,
      waker: waker >= 0 ? this.trackOf(threadIndex, waker) : waker === -1 ? -1 : undefined,
      runs: row === -1 && ref !== -1 ? this.trackOf(threadIndex, thread.runs.goroutine[ref]!) : undefined,
    }
  }

  /** As the table shows them: what each did last. */
  rows(): ReadonlyArray<GoroutineRow> {
    return (this.#rows ??= this.timeline.threads.flatMap((thread) => this.#rowsOf(thread)))
  }

  #rowsOf(thread: ThreadTimeline): Array<GoroutineRow> {
    const { goroutines } = thread
    const { texts } = this.timeline
    return Array.from({ length: goroutines.length }, (_, row) => {
      const state = goroutines.state[row]
      const wait = goroutines.wait[row]!
      const reason = state === GoroutineState.Waiting && wait !== -1 ? texts[thread.waits.reason[wait]!]! : ""
      const startedAt = texts[goroutines.site[row]!]!
      const status =
        state === GoroutineState.Ended
          ? "ended"
          : state === GoroutineState.Running
            ? "running"
            : state === GoroutineState.Runnable
              ? "runnable"
              : "waiting"
      const parent = goroutines.parent[row]!
      return {
        key: keyOf(thread.thread, goroutines.id[row]!),
        thread: thread.thread,
        threadName: thread.name,
        id: goroutines.id[row]!,
        name: texts[goroutines.name[row]!]!,
        isMain: goroutines.isMain[row] === 1,
        ...{ status, reason, detail: "", stateClass: classOf(status, reason) },
        waitMillis: status === "waiting" && wait !== -1 ? (this.end - thread.waits.begin[wait]!) / 1e6 : 0,
        ...{ site: startedAt, startedAt },
        parent: parent === -1 ? undefined : goroutines.id[parent]!,
        goroutine: undefined,
      } satisfies GoroutineRow
    })
  }
}

function classOf(status: GoroutineRow["status"], reason: string): number {
  return status === "ended" ? StateClasses.NONE : stateClass(status, reason)
}
