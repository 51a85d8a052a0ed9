import type { Goroutine, Op } from "@weft/core"
import { buffer, type BufferPolicy, chan } from "../chan.ts"
import { feed, type Flow } from "../flow.ts"
import type { Receiver } from "../receiver.ts"
import { sendToAny } from "./send-to-any.ts"

/**
 * Gives every value of `from` to every subscriber.
 *
 * Laws
 * - A subscriber gets, in order, every value whose turn comes while it is subscribed.
 * - The next value is received once all have the last one: the slowest holds the rest back. With a capacity, or a `buffer.sliding(n)`, it
 *   does so later, or never.
 * - Without subscribers one value is in hand at most, and it waits for the first.
 * - All end when `from` has; its failure is seen by each, and by who subscribes later.
 * - A subscriber leaves by `stop`; `from` goes on, until the broadcast itself is stopped.
 *
 * @example
 * const prices = broadcast(ticker)
 * using mine = prices.subscribe(buffer.sliding(1))
 *
 * @see core.async: mult, tap
 * @since 0.1.0
 */
export function broadcast<T, E>(from: Receiver<T, E>): Broadcast<T, E> {
  const joined = chan<void>(buffer.dropping(1))
  const { goroutine, tap } = feed<T, Op<unknown, E>>([from], (outs) =>
    from.forEach(function* (value) {
      while (outs.size === 0) yield* joined.receive()
      const pending = new Set(outs)
      while (pending.size > 0) pending.delete((yield* sendToAny(pending, value))!)
    }),
  )
  const stop = () => goroutine.interrupt()
  return {
    goroutine,
    subscribe(capacity) {
      const out = tap(chan<T>(capacity), () => undefined)
      joined.trySend()
      return out
    },
    stop,
    [Symbol.dispose]: stop,
  }
}

/**
 * What {@link broadcast} gives.
 *
 * @since 0.1.0
 */
export interface Broadcast<out T, out E = never> extends Disposable {
  /** Does the work: join it to wait for the end. */
  readonly goroutine: Goroutine<unknown, E>
  /** A flow of its own, from the next value on; `stop` it to leave. */
  subscribe(capacity?: number | BufferPolicy): Flow<T, E>
  /** Ends it and all subscriptions. */
  stop(): void
}
