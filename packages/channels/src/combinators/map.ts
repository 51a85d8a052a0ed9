import type { ErrorOf, Yieldable } from "@weft/core"
import type { BufferPolicy } from "../chan.ts"
import { checkFunction } from "../check-function.ts"
import { type Flow, flow } from "../flow.ts"
import type { Receiver } from "../receiver.ts"
import { call } from "./call.ts"

/**
 * Every value of `from`, changed by `f`, a plain or a generator function.
 *
 * Laws
 * - Order is kept: `f` is called for one value at a time, and its result is sent before the next value is received.
 * - The flow ends, fails and stops by {@link Flow}'s laws; what `f` throws is a panic, a typed failure of `f` is the flow's.
 *
 * Errors: `InvalidBody` unless `f` is a function.
 *
 * @example
 * const bodies = map(urls, function* (url) { return yield* fetchText(url) })
 *
 * @see core.async: map
 * @since 0.1.0
 */
export function map<T, E, U, Y extends Yieldable>(
  from: Receiver<T, E>,
  f: (value: T) => Generator<Y, U, never>,
  capacity?: number | BufferPolicy,
): Flow<U, E | ErrorOf<Y>>
export function map<T, E, U>(from: Receiver<T, E>, f: (value: T) => U, capacity?: number | BufferPolicy): Flow<U, E>
export function map<T>(
  from: Receiver<T, unknown>,
  f: (value: T) => unknown,
  capacity?: number | BufferPolicy,
): Flow<unknown, unknown> {
  checkFunction("map", f)
  return flow([from], capacity, (out) =>
    from.forEach(function* (value) {
      yield* out.send(yield* call(f, value))
    }),
  )
}
