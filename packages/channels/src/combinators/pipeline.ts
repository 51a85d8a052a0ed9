/**
 * Pipeline: n goroutines at work on the values of a channel, their results in the order of the values.
 *
 * Invariants:
 *   1. `places` holds one entry for each value received and not yet sent on, so at most n.
 *   2. `jobs` holds the goroutines at work in the order of their values; it never holds more than `places`, so no send to it waits.
 */
import { type ErrorOf, type Goroutine, type Scope, scope, type Yieldable } from "@weft/core"
import { chan, check } from "../chan.ts"
import { checkFunction } from "../check-function.ts"
import type { Sender } from "../channel.ts"
import { feedTo } from "../flow.ts"
import type { Receiver } from "../receiver.ts"
import { call } from "./call.ts"

/**
 * Sends `f` of every value of `from` to `to`, up to `n` of them at work at a time, in order; closes `to` at the end.
 *
 * Laws
 * - Results are sent in the order of the values, whichever is ready first.
 * - At most `n` values have been received whose results were not sent: a slow receiver of `to` holds `from` back.
 * - `to` is closed when the goroutine has ended, however it ended; `interrupt` it to stop early: all at work unwind.
 * - The first error or typed failure of `f` cancels the others and is the goroutine's own: unless somebody joins it, an error is a panic
 *   that fails the `run`. When `from` fails, what is at work is finished and sent first.
 *
 * Errors: {@link InvalidCapacity} unless `n` is a whole number above zero, `InvalidBody` unless `f` is a function; it panics with {@link ChannelClosed} if somebody else closes `to`.
 *
 * @example
 * pipeline(8, urls, function* (url) { return yield* fetchText(url) }, pages)
 *
 * @see core.async: pipeline
 * @since 0.1.0
 */
export function pipeline<T, E, U, Y extends Yieldable>(
  n: number,
  from: Receiver<T, E>,
  f: (value: T) => Generator<Y, U, never>,
  to: Sender<U>,
): Goroutine<void, E | ErrorOf<Y>>
export function pipeline<T, E, U>(
  n: number,
  from: Receiver<T, E>,
  f: (value: T) => U,
  to: Sender<U>,
): Goroutine<void, E>
export function pipeline<T, U>(
  n: number,
  from: Receiver<T, unknown>,
  f: (value: T) => U | Generator<Yieldable, U, never>,
  to: Sender<U>,
): Goroutine<void, unknown> {
  check(n, 1, "pipeline: n")
  checkFunction("pipeline", f)
  const places = chan<void>(n)
  const jobs = chan<Goroutine<U, unknown>>(n)
  return feedTo(from, to, function* () {
    yield* scope(function* (s: Scope<unknown>) {
      const sending = s.go(() =>
        jobs.forEach(function* (job) {
          yield* to.send(yield* job)
          yield* places.receive()
        }),
      )
      try {
        for (;;) {
          yield* places.send()
          const next = yield* from.next()
          if (!next.ok) break
          jobs.trySend(s.go(call, f, next.value))
        }
      } catch (failure) {
        jobs.close()
        yield* sending
        throw failure
      }
      jobs.close()
    })
  })
}
