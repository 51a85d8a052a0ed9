import type { Goroutine } from "./goroutine.ts"
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
  /** It was woken by `by`, or by something outside. */
  unpark?(goroutine: G, by: G | null): void
  /** It gave way while runnable. */
  yield?(goroutine: G): void
  /** It ended. */
  end?(goroutine: G): void
}
