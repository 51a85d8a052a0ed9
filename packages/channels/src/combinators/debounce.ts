import { sleep, toMillis } from "@weft/core"
import type * as Duration from "effect/Duration"
import { type Flow, flow } from "../flow.ts"
import type { Receiver } from "../receiver.ts"
import { select } from "../select.ts"

/**
 * The last value of every burst: a value passes once nothing has followed it for `d`.
 *
 * Laws
 * - Whatever is followed by another value within `d` is dropped.
 * - The last value is sent when `from` ends, or before its failure, without waiting for `d`.
 * - While a value waits to be received, nothing is read.
 *
 * Errors: `InvalidDuration` for a `d` that is none.
 *
 * @example
 * yield* debounce(fromEvent(input, "input"), "200 millis").forEach(search)
 *
 * @since 0.1.0
 */
export function debounce<T, E>(from: Receiver<T, E>, d: Duration.Input): Flow<T, E> {
  d = toMillis(d)
  return flow([from], 0, function* (out) {
    for (;;) {
      let last = yield* from.next()
      if (!last.ok) return
      try {
        for (;;) {
          const hit = yield* select({ next: from.next(), quiet: sleep(d) })
          if (hit.case === "quiet" || !hit.value.ok) break
          last = hit.value
        }
      } catch (failure) {
        yield* out.send(last.value)
        throw failure
      }
      yield* out.send(last.value)
    }
  })
}
