import type { SilentThread } from "./silent-thread.ts"

/** What every goroutine of a process is doing: what `weft dump --json` prints. Stacks and sites are mapped to sources where source maps are found. */
export interface ProcessDump {
  readonly pid: number
  readonly title: string
  readonly argv: ReadonlyArray<string>
  /** "node 24.21.0" */
  readonly runtime: string
  /** ISO 8601. */
  readonly takenAt: string
  /** Since the process started. */
  readonly uptimeSeconds: number
  /** The longest that one thread was kept from its work at a time, and how long the whole took. */
  readonly longestPauseMillis: number
  readonly tookMillis: number
  /** How long the inspector's port was open; 0 where it was not needed. */
  readonly inspectorOpenMillis: number
  /** Threads that did not answer: they never give way to their event loop. */
  readonly silentThreads?: number
  /** Those of them that are known by name. */
  readonly silent?: ReadonlyArray<SilentThread>
  /** Minified files without a source map, so places and names are the bundle's. */
  readonly missingSourceMaps?: ReadonlyArray<MissingSourceMap>
  readonly threads: ReadonlyArray<ThreadDump>
}

export interface MissingSourceMap {
  /** A path, or in a page a URL. */
  readonly file: string
  /** Where its map was looked for. */
  readonly map: string
}

export interface ThreadDump {
  readonly thread: number
  /** "main", or a worker's name. */
  readonly name: string
  readonly heapUsedBytes: number
  /** 0..1 since the thread started. */
  readonly utilization: number
  /** Goroutines whose wait stack was taken; the others of a group wait where one of them does. */
  readonly stacksTaken: number
  readonly goroutines: ReadonlyArray<GoroutineDump>
  readonly objects: ReadonlyArray<ObjectDump>
  /** Goroutines and channels whose values were asked for and left out, as they are too many. */
  readonly valuesLeftOut?: number
}

export interface GoroutineDump {
  /** Unique in its thread. */
  readonly id: number
  readonly name: string
  readonly isMain: boolean
  readonly status: "running" | "runnable" | "waiting"
  /** In Go's words: "chan receive", "sync.Mutex.Lock", "select"; only while waiting. */
  readonly reason?: string
  /** "capacity 3, 3 buffered" */
  readonly detail?: string
  readonly waitMillis: number
  /** Where it waits, innermost first: "name (file:line:column)". */
  readonly stack: ReadonlyArray<string>
  /** Its stack is that of another one of the same body and wait reason. */
  readonly isStackOfGroup?: boolean
  readonly startedAt?: string
  /** Whoever started it, in the same thread. */
  readonly parent?: number
  /** Objects it waits on: channels, locks. */
  readonly on: ReadonlyArray<number>
  /** Goroutines of its thread of which one must do something for it to go on; left out where anybody might. Those that it joins, whoever holds the lock. */
  readonly wakers?: ReadonlyArray<number>
  /** Something outside can wake it: a timer, a promise, I/O, another thread. */
  readonly isWokenFromOutside?: boolean
  /** What it would send, where values are asked for: one of these if it waits in a select. */
  readonly sends?: ReadonlyArray<WaitingSend>
}

export interface WaitingSend {
  /** The channel; left out where it is not known. */
  readonly on?: number
  /** As a text of bounded length. */
  readonly value: string
}

/** A channel, a lock, and the like. */
export interface ObjectDump {
  readonly id: number
  readonly kind: string
  /** How it describes itself to who waits: "capacity 3, 3 buffered, 2 receivers". */
  readonly detail?: string
  readonly length?: number
  readonly capacity?: number
  readonly isClosed?: boolean
  /** The goroutine that holds it. */
  readonly owner?: number
  /** The oldest values in its buffer, as texts, where they are asked for. */
  readonly values?: ReadonlyArray<string>
}
