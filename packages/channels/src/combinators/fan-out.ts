import type { Op } from "@weft/core"
import { type BufferPolicy, chan, check } from "../chan.ts"
import { feed, type Flow } from "../flow.ts"
import type { Receiver } from "../receiver.ts"
import { sendToAny } from "./send-to-any.ts"

/**
 * Deals the values of `from` out to `n` flows: each value to exactly one, whichever is ready for it.
 *
 * Laws
 * - One value is in hand at most, for all of them together.
 * - All end when `from` has; its failure is seen by each.
 * - One that is stopped gets no more, and the others share what comes; once all are stopped, so is `from` if it is a flow.
 *
 * Errors: {@link InvalidCapacity} unless `n` is a whole number above zero.
 *
 * Goroutines may as well receive from one channel; this is for consumers that want a receiver of their own.
 *
 * @example
 * const [left, right] = fanOut(jobs, 2)
 *
 * @see Go: the fan-out of "Go Concurrency Patterns"
 * @since 0.1.0
 */
export function fanOut<T, E>(
  from: Receiver<T, E>,
  n: number,
  capacity?: number | BufferPolicy,
): ReadonlyArray<Flow<T, E>> {
  check(n, 1, "fanOut: n")
  const { tap } = feed<T, Op<unknown, E>>([from], (outs) =>
    from.forEach(function* (value) {
      yield* sendToAny(outs, value)
    }),
  )
  return Array.from({ length: n }, () => tap(chan<T>(capacity)))
}
