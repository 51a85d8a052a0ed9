import type { GoroutineDump } from "./dump.ts"
import type { SilentThread } from "./silent-thread.ts"

/** What `weft leaks --json` prints. */
export interface ProcessLeaks {
  readonly pid: number
  /** Threads that did not answer, and were not checked: they never give way to their event loop. */
  readonly silentThreads?: number
  /** Those of them that are known by name. */
  readonly silent?: ReadonlyArray<SilentThread>
  readonly threads: ReadonlyArray<ThreadLeaks>
}

export interface ThreadLeaks {
  readonly thread: number
  readonly name: string
  /** Goroutines that were parked when the check began. */
  readonly checked: number
  /** Could never have been woken: the garbage collector found that nothing reachable reaches what they wait for. They are gone; their `finally` blocks did not run. */
  readonly leaked: ReadonlyArray<GoroutineDump>
  /** Alive, and waiting for longer than `suspectSeconds`, longest first. */
  readonly suspects: ReadonlyArray<GoroutineDump>
  readonly suspectSeconds: number
  /** Why it could not be checked, where others could. */
  readonly failed?: string
}
