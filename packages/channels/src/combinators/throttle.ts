import { toMillis } from "@weft/core"
import type * as Duration from "effect/Duration"
import { after } from "../after.ts"
import { type Flow, flow } from "../flow.ts"
import type { Receiver } from "../receiver.ts"

/**
 * Lets one value pass per `d`: holds the others back, drops none.
 *
 * Laws
 * - A value is sent no sooner than `d` after the one before it was received; the first at once.
 * - Order is kept and nothing is lost. To drop what comes too fast, let the source's channel do so: `chan(buffer.sliding(1))`.
 * - The end and a failure pass without delay.
 *
 * Errors: `InvalidDuration` for a `d` that is none.
 *
 * @example
 * yield* throttle(requests, "200 millis").forEach(answer)
 *
 * @see Go by Example: rate limiting
 * @since 0.1.0
 */
export function throttle<T, E>(from: Receiver<T, E>, d: Duration.Input): Flow<T, E> {
  d = toMillis(d)
  return flow([from], 0, function* (out) {
    let gate = after(0)
    yield* from.forEach(function* (value) {
      yield* gate.receive()
      yield* out.send(value)
      gate = after(d)
    })
  })
}
