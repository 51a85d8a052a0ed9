import { isGenerator, type Yieldable } from "@weft/core"

/** Calls `f`, a plain or a generator function. An iterator or an op that a plain one returns is a value like any other. */
export function* call<T, U>(
  f: (value: T) => U | Generator<Yieldable, U, never>,
  value: T,
): Generator<Yieldable, U, unknown> {
  const made: unknown = f(value)
  return (isGenerator(made) ? yield* made : made) as U
}
