import { toMillis } from "@weft/core"
import type * as Duration from "effect/Duration"
import { after } from "../after.ts"
import { check } from "../chan.ts"
import { type Flow, flow } from "../flow.ts"
import type { Receiver } from "../receiver.ts"
import { select } from "../select.ts"

/**
 * Gathers values: up to `n` of them, and for no longer than `d` after the first.
 *
 * Laws
 * - Order is kept, nothing is lost, and no batch is empty. The last one is sent when `from` ends, or before its failure.
 * - While a batch waits to be received, nothing is read.
 *
 * Errors: {@link InvalidCapacity} unless `n` is a whole number above zero, `InvalidDuration` for a `d` that is none.
 *
 * @example
 * yield* batch(rows, 100, "50 millis").forEach(function* (rows) { yield* insert(rows) })
 *
 * @since 0.1.0
 */
export function batch<T, E>(from: Receiver<T, E>, n: number, d: Duration.Input): Flow<Array<T>, E> {
  check(n, 1, "batch: n")
  d = toMillis(d)
  return flow([from], 0, function* (out) {
    for (;;) {
      const first = yield* from.next()
      if (!first.ok) return
      const values = [first.value]
      const late = after(d)
      try {
        while (values.length < n) {
          const hit = yield* select({ next: from.next(), late: late.receive() })
          if (hit.case === "late" || !hit.value.ok) break
          values.push(hit.value.value)
        }
      } catch (failure) {
        yield* out.send(values)
        throw failure
      }
      yield* out.send(values)
    }
  })
}
