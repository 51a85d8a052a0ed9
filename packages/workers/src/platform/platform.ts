/**
 * What threads need of the host. Everything else in this package knows only these interfaces.
 */
import { node } from "./node.ts"
import { web } from "./web.ts"

/** What a thread is told before it runs anything. */
export interface Boot {
  /** The module to import there: this package, wherever a bundler has put it. Undefined in a {@link SuppliedWorker}, which has it. */
  readonly module: string | undefined
  /** Words that both sides look at; undefined where there is no shared memory. */
  readonly control: Int32Array<SharedArrayBuffer> | undefined
  /** The program's words that say which threads are doomed: see channels/fates.ts. */
  readonly fates: Int32Array<SharedArrayBuffer> | undefined
  readonly name: string
  /** The number of the thread that starts it. */
  readonly parent: number
}

/**
 * A worker whose script imports `@weft/workers/thread`, and the modules of the tasks: a Web Worker, or a `Worker` of `node:worker_threads`.
 *
 * @since 0.3.0
 */
export interface SuppliedWorker {
  postMessage(message: unknown): void
  terminate(): unknown
}

/** @since 0.3.0 */
export interface ResourceLimits {
  /** MB of the heap; a thread that needs more is ended by the host, which may take the whole process with it. */
  readonly maxOldGenerationSizeMb?: number
  readonly maxYoungGenerationSizeMb?: number
  readonly codeRangeSizeMb?: number
  readonly stackSizeMb?: number
}

export interface ThreadOptions {
  readonly resourceLimits: ResourceLimits | undefined
  readonly env: Readonly<Record<string, string | undefined>> | undefined
  /** Makes the worker, where the host's own way is not wanted. */
  readonly worker: (() => SuppliedWorker) | undefined
}

/** How a thread came to its end. */
export interface ThreadEnd {
  /** What it threw outside any task; undefined where it ended otherwise. */
  readonly error: unknown
  /** A message to it could not be read, in which any of the tasks may have been that it has not started. */
  readonly hasMissed: boolean
  readonly exitCode: number | undefined
}

/** A thread, seen from the one that started it. */
export interface HostThread {
  post(message: unknown, transfer: ReadonlyArray<object>): void
  terminate(): void
  /** Whether it keeps the process up. */
  setRef(isRef: boolean): void
}

export interface ThreadEvents {
  message(message: unknown): void
  ended(end: ThreadEnd): void
}

/** The other side: this thread, started by another. */
export interface ThreadSide {
  readonly boot: Boot
  /** The thread's first module; undefined in a {@link SuppliedWorker}, whose modules have been evaluated. */
  readonly loading: Promise<unknown> | undefined
  /** The thread's own `import`, which no bundler or test runner has written anew; undefined in a {@link SuppliedWorker}. */
  readonly import: ((module: string) => Promise<unknown>) | undefined
  post(message: unknown, transfer: ReadonlyArray<object>): void
  onMessage(listener: (message: unknown) => void): void
  /** A message that has come; undefined: none, or it can't be asked. */
  take(): unknown
  readonly canTake: boolean
  /** Whether the host has nothing to do for this thread but to bring messages; true where it does not tell. */
  isHostIdle(): boolean
  /** Ends this thread once it has nothing left to do. */
  close(): void
}

export interface Platform {
  readonly name: string
  /** How many threads run at the same time. */
  cores(): number
  startThread(boot: Boot, options: ThreadOptions, events: ThreadEvents): HostThread
  /** This thread, where a pool has started it. */
  side(): ThreadSide | undefined
  /** In a supplied worker: calls back once its pool has said what it is to know. False: this is none. */
  whenBooted(listener: (side: ThreadSide) => void): boolean
}

/** The host's own; undefined where it has no threads. */
export const platform: Platform | undefined = node ?? web
