import type { TracedObject } from "../format/trace-file.ts"
import type { Rows } from "./table.ts"

/**
 * What happened on one thread, by columns.
 *
 * Times are nanoseconds since the trace's zero, so that threads align. `goroutine` and `parent` are rows of `goroutines`; texts are indices into the
 * trace's `texts`, 0 for none; an `object` is its number, 0 where it is not known.
 */
export interface ThreadTimeline {
  readonly thread: number
  readonly name: string
  /** The first record, and the last. Infinity and -Infinity with no records. */
  readonly begin: number
  readonly end: number
  readonly objects: ReadonlyMap<number, TracedObject>
  readonly goroutines: Rows<GoroutineColumns>
  /** In order, and none overlaps another: a thread runs one goroutine at a time. */
  readonly runs: Rows<RunColumns>
  /** Those of one goroutine are in order. */
  readonly waits: Rows<WaitColumns>
  /** In order of `wait`. */
  readonly alsoWaits: Rows<AlsoWaitColumns>
  readonly ops: Rows<OpColumns>
  readonly levels: Rows<LevelColumns>
  /** Of messages, where they were recorded. */
  readonly values: Rows<ValueColumns>
  readonly regions: Rows<RegionColumns>
  readonly logs: Rows<MessageColumns>
  readonly panics: Rows<MessageColumns>
  readonly deadlocks: Rows<{ readonly time: Float64Array }>
  readonly collections: Rows<CollectionColumns>
  readonly loopDelays: Rows<SpanColumns>
  readonly idles: Rows<IdleColumns>
  readonly gaps: Rows<GapColumns>
}

export interface SpanColumns {
  readonly begin: Float64Array
  readonly end: Float64Array
}

export interface GoroutineColumns {
  /** Its number in its thread. */
  readonly id: Int32Array
  /** Text. */
  readonly name: Int32Array
  /** Text: where it was started. */
  readonly site: Int32Array
  /** -1 if none, or not known. */
  readonly parent: Int32Array
  /** -Infinity: before the recording. */
  readonly created: Float64Array
  /** Infinity: not in the recording. */
  readonly ended: Float64Array
  /** Index of `endings` by which it ended; 255 while it has not. */
  readonly ending: Uint8Array
  readonly isMain: Uint8Array
  /** What it did last: {@link GoroutineState}. */
  readonly state: Uint8Array
  /** Since when. NaN where that was not seen. */
  readonly since: Float64Array
  /** The wait that it is in, or -1. */
  readonly wait: Int32Array
}

export const GoroutineState = { Unknown: 0, Runnable: 1, Running: 2, Waiting: 3, Ended: 4 } as const

export interface RunColumns extends SpanColumns {
  readonly goroutine: Int32Array
  /** Since when it could have run. NaN where that was not seen. `begin - runnable` is the scheduler's latency. */
  readonly runnable: Float64Array
  /** {@link RunEnding}; `end` is Infinity only while `Running`. */
  readonly ending: Uint8Array
  /** The wait that it ended in, or -1. */
  readonly wait: Int32Array
}

export const RunEnding = {
  /** It runs still at the end of the recording. */
  Running: 0,
  Park: 1,
  Yield: 2,
  End: 3,
  /** Records were lost: it ran at least this long. */
  Lost: 4,
} as const

export interface WaitColumns extends SpanColumns {
  readonly goroutine: Int32Array
  /** Text; 0 where its beginning was not seen. */
  readonly reason: Int32Array
  readonly object: Int32Array
  /** The goroutine that woke it, or one of {@link Waker}. `end` is Infinity only with `None`. */
  readonly waker: Int32Array
}

export const Waker = {
  /** A timer, a promise, I/O, another thread. */
  Outside: -1,
  /** It was woken, but that was not recorded: it waited at least until `end`. */
  Unknown: -2,
  /** It waits still. */
  None: -3,
} as const

/** Objects of waits for one of several. */
export interface AlsoWaitColumns {
  readonly wait: Int32Array
  readonly object: Int32Array
}

export interface OpColumns {
  readonly time: Float64Array
  /** -1: none. */
  readonly goroutine: Int32Array
  /** Text. */
  readonly name: Int32Array
  readonly object: Int32Array
}

/** How many values a channel holds from `time` on. */
export interface LevelColumns {
  readonly time: Float64Array
  readonly object: Int32Array
  readonly value: Int32Array
}

/** What was sent to a channel or received from it, and when. */
export interface ValueColumns {
  readonly time: Float64Array
  /** Who sent or received it; -1: not known. */
  readonly goroutine: Int32Array
  readonly object: Int32Array
  /** 1: received. 0: sent, or about to be where it waits. */
  readonly isReceived: Uint8Array
  /** Text; 0 where it was lost. */
  readonly text: Int32Array
}

/** `end` is Infinity for what was not left in the recording. */
export interface RegionColumns extends SpanColumns {
  /** -1: none. */
  readonly goroutine: Int32Array
  /** Text. */
  readonly name: Int32Array
}

/** Logs, and panics. */
export interface MessageColumns {
  readonly time: Float64Array
  /** -1: none. */
  readonly goroutine: Int32Array
  readonly text: Int32Array
}

export interface CollectionColumns extends SpanColumns {
  /** 1 scavenge, 2 minor mark-sweep, 4 major, 8 incremental, 16 weak callbacks. */
  readonly kind: Uint8Array
}

export interface IdleColumns {
  readonly time: Float64Array
  /** 1: goroutines were left runnable. */
  readonly isBusy: Uint8Array
}

/** Nothing is known of what happened between `begin` and `end`. */
export interface GapColumns extends SpanColumns {
  /** Records that were lost. */
  readonly dropped: Float64Array
}
