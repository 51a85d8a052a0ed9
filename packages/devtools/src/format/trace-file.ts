/**
 * A trace file, and what the threads of a traced process send: the eight bytes of `magic`, then frames.
 *
 *   u32   length of the payload, little-endian
 *   u8    kind: `FrameKind`
 *   ...   payload: JSON in UTF-8, or for `Records` binary
 *
 * Frames of several threads come in any order; those of one thread are in order, strings and objects before the records that name them. A file that was cut
 * off is readable up to its last whole frame.
 */
import type { SilentThread } from "./silent-thread.ts"

export const magic = "WEFTTRC1"

export const FrameKind = {
  /** {@link TraceMeta}: first. */
  Meta: 1,
  /** {@link ThreadMeta}: before anything else of that thread. */
  Thread: 2,
  /** {@link StringsFrame} */
  Strings: 3,
  /** {@link ObjectsFrame} */
  Objects: 4,
  /** u32 thread, u32 records dropped before these, then the records. Each frame begins with a `Clock`, then the `Start` of whoever is running, if anybody is. */
  Records: 5,
  /** {@link GoroutinesFrame}: who was there when recording began, in several frames if they are many; in a flight recorder's snapshot who is there now. */
  Goroutines: 6,
  /** {@link TraceEnd}: last. */
  End: 7,
  /** {@link ValuesFrame}: where values of messages are recorded, before the records that name them. */
  Values: 8,
} as const

export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind]

export interface TraceMeta {
  readonly pid: number
  readonly title: string
  readonly argv: ReadonlyArray<string>
  readonly host: string
  /** "node 24.21.0" */
  readonly runtime: string
  readonly cores: number
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number
  /** Whether every op was recorded, or only waits and wake-ups. */
  readonly ops: boolean
  /** Whether values of messages were recorded. */
  readonly values?: boolean
}

export interface ThreadMeta {
  readonly thread: number
  /** "main", or a worker's name. */
  readonly name: string
  /** The wall clock, in milliseconds since the Unix epoch, at the thread's zero. */
  readonly zero: number
}

export interface StringsFrame {
  readonly thread: number
  /** The number of the first of them; the others follow. 0 is no string. */
  readonly first: number
  readonly strings: ReadonlyArray<string>
}

/** Something that goroutines wait on. */
export interface TracedObject {
  readonly id: number
  /** Its class: "Rendezvous", "Buffered", "State". */
  readonly kind: string
  readonly capacity?: number
}

export interface ObjectsFrame {
  readonly thread: number
  readonly objects: ReadonlyArray<TracedObject>
}

export interface TracedGoroutine {
  readonly id: number
  readonly name: string
  readonly isMain: boolean
  readonly status: "running" | "runnable" | "waiting"
  readonly reason?: string
  /** Objects it waits on. */
  readonly on?: ReadonlyArray<number>
  readonly parent?: number
  readonly startedAt?: string
}

export interface GoroutinesFrame {
  readonly thread: number
  readonly goroutines: ReadonlyArray<TracedGoroutine>
}

export interface ValuesFrame {
  readonly thread: number
  /** The number of the first of them; the others follow. */
  readonly first: number
  /** As texts of bounded length, what is secret by its key left out. */
  readonly values: ReadonlyArray<string>
  /** How many were lost before these, as they came faster than they could be sent. */
  readonly dropped: number
}

export interface TraceEnd {
  /** Why it ended: "asked", "process ended", "connection lost". */
  readonly reason: string
  readonly records: number
  readonly dropped: number
  /** Threads that did not answer, and are not in it: they never give way to their event loop. */
  readonly silentThreads?: number
  /** Those of them that are known by name. */
  readonly silent?: ReadonlyArray<SilentThread>
}
