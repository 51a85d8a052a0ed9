import type { SilentThread } from "./silent-thread.ts"

/** What `weft top` shows: counts, no stacks. */
export interface ProcessStats {
  readonly pid: number
  /** Threads that did not answer: they never give way to their event loop. */
  readonly silentThreads?: number
  /** Those of them that are known by name. */
  readonly silent?: ReadonlyArray<SilentThread>
  readonly uptimeSeconds: number
  readonly rssBytes: number
  /** CPU seconds of the whole process since it started. */
  readonly cpuSeconds: number
  readonly threads: ReadonlyArray<ThreadStats>
}

export interface ThreadStats {
  readonly thread: number
  readonly name: string
  readonly heapUsedBytes: number
  /** 0..1 since the last call. */
  readonly utilization: number
  /** How late the event loop was, at most, since the last call. */
  readonly loopDelayMillis: number
  /** Goroutines that have not ended. */
  readonly live: number
  readonly running: number
  readonly runnable: number
  readonly waiting: number
  /** Goroutines created since the thread started. */
  readonly created: number
  /** Most numerous first; at most 1,000. */
  readonly groups: ReadonlyArray<StatsGroup>
  /** How long taking this kept the thread from its work. */
  readonly pauseMillis: number
}

/** Goroutines of one name that do the same. */
export interface StatsGroup {
  readonly name: string
  readonly status: "running" | "runnable" | "waiting"
  readonly reason?: string
  readonly startedAt?: string
  readonly count: number
  readonly oldestWaitMillis: number
}
