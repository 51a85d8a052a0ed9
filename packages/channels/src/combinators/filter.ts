import type { ErrorOf, Yieldable } from "@weft/core"
import type { BufferPolicy } from "../chan.ts"
import { checkFunction } from "../check-function.ts"
import { type Flow, flow } from "../flow.ts"
import type { Receiver } from "../receiver.ts"
import { call } from "./call.ts"

/**
 * The values of `from` for which `f`, a plain or a generator function, answers true.
 *
 * Laws
 * - Order is kept; a value that passed is sent before the next one is received.
 * - The flow ends, fails and stops by {@link Flow}'s laws; what `f` throws is a panic, a typed failure of `f` is the flow's.
 *
 * Errors: `InvalidBody` unless `f` is a function.
 *
 * @example
 * const errors = filter(lines, (line) => line.startsWith("error"))
 *
 * @see core.async: filter
 * @since 0.1.0
 */
export function filter<T, E, Y extends Yieldable>(
  from: Receiver<T, E>,
  f: (value: T) => Generator<Y, boolean, never>,
  capacity?: number | BufferPolicy,
): Flow<T, E | ErrorOf<Y>>
export function filter<T, E, U extends T>(
  from: Receiver<T, E>,
  f: (value: T) => value is U,
  capacity?: number | BufferPolicy,
): Flow<U, E>
export function filter<T, E>(
  from: Receiver<T, E>,
  f: (value: T) => boolean,
  capacity?: number | BufferPolicy,
): Flow<T, E>
export function filter<T>(
  from: Receiver<T, unknown>,
  f: (value: T) => boolean | Generator<Yieldable, boolean, never>,
  capacity?: number | BufferPolicy,
): Flow<T, unknown> {
  checkFunction("filter", f)
  return flow<T, Yieldable>([from], capacity, (out) =>
    from.forEach(function* (value) {
      if (yield* call(f, value)) yield* out.send(value)
    }),
  )
}
