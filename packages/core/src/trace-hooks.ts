import type { DeadlockError } from "./deadlock.ts"
import type { Goroutine } from "./goroutine.ts"
import type { GoroutinePanic } from "./goroutine-panic.ts"
import type { Op } from "./op.ts"

type G = Goroutine<unknown, unknown>

/**
 * What a plugin can listen to. Every hook point is one null check while nobody listens.
 *
 * A hook must not block, and must not start or wake goroutines. One that throws unplugs its plugin.
 *
 * @since 0.1.0
 */
export interface TraceHooks {
  /** A goroutine was created by `parent`, or by code outside any goroutine. */
  create?(goroutine: G, parent: G | null): void
  /** It runs: for the first time, or again. */
  start?(goroutine: G): void
  /** It waits for `op`; `op.name` is the wait reason. */
  park?(goroutine: G, op: Op<unknown, unknown>): void
  /** It was woken by `by`, or by something outside: a timer, a promise, another thread. */
  unpark?(goroutine: G, by: G | null): void
  /** It gave way while runnable. */
  yield?(goroutine: G): void
  /** It ended. */
  end?(goroutine: G): void
  /**
   * The running goroutine begins an op, which then completes at once or is parked. While somebody listens to this, every op takes the slow way: it is for
   * a trace that somebody waits for, not for production.
   */
  op?: ((goroutine: G, op: Op<unknown, unknown>) => void) | undefined
  /** The slice is over and the host's event loop has its turn; `isMoreRunnable`: goroutines are left for the next slice. */
  idle?(isMoreRunnable: boolean): void
  /** `trace.region` of the program's: entered and left by the running goroutine, or by code outside any (null). `id` tells two of one name apart. */
  regionBegin?(goroutine: G | null, name: string, id: number): void
  regionEnd?(goroutine: G | null, name: string, id: number): void
  /** `trace.log` of the program's. */
  log?(goroutine: G | null, message: string): void
  /** All goroutines of a run are asleep. */
  deadlock?(error: DeadlockError): void
  /** A panic that nobody joined for: the run fails with it. */
  panic?(panic: GoroutinePanic): void
}

/** @internal Every point, for those who pass hooks on. */
export const hookPoints: ReadonlyArray<keyof TraceHooks> = [
  "create",
  "start",
  "park",
  "unpark",
  "yield",
  "end",
  "op",
  "idle",
  "regionBegin",
  "regionEnd",
  "log",
  "deadlock",
  "panic",
]
