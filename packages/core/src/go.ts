import type * as Effect from "effect/Effect"
import { type Body, type ErrorOf, generatorOf, type Yieldable } from "./body.ts"
import type { Goroutine } from "./goroutine.ts"
import { currentRun } from "./current-run.ts"
import { InvalidBody } from "./panic.ts"

/**
 * Starts a goroutine: soon, never synchronously.
 *
 * Laws
 * - It belongs to the `run` of the goroutine that starts it; outside any, to a process-wide one.
 * - A generator function is called at once, so its arguments are checked here; its body starts later.
 * - An error that leaves the body is a panic, unless somebody joins; a typed failure is kept for a later join.
 *
 * Errors: `InvalidBody` for an async function, an async generator, a plain function or a generator already made.
 *
 * @example
 * const goroutine = go(function* () { return yield* ch.receive() })
 * const value = yield* goroutine
 *
 * @see Go: the go statement
 * @since 0.1.0
 */
export const go: {
  <A, E, R>(effect: Effect.Effect<A, E, R>): Goroutine<A, E>
  <A, Y extends Yieldable, Args extends ReadonlyArray<unknown>>(
    body: Body<A, Y, Args>,
    ...args: Args
  ): Goroutine<A, ErrorOf<Y>>
  /** The same under a name, which reports and the tracer show. */
  readonly named: {
    <A, E, R>(name: string, effect: Effect.Effect<A, E, R>): Goroutine<A, E>
    <A, Y extends Yieldable, Args extends ReadonlyArray<unknown>>(
      name: string,
      body: Body<A, Y, Args>,
      ...args: Args
    ): Goroutine<A, ErrorOf<Y>>
  }
} = /* @__PURE__ */ Object.assign(start as never, { named })

function start(body: Body<unknown, Yieldable, ReadonlyArray<unknown>>, ...args: ReadonlyArray<unknown>): Goroutine {
  return currentRun().start(generatorOf("go", body, args), body, start)
}

function named(
  name: string,
  body: Body<unknown, Yieldable, ReadonlyArray<unknown>>,
  ...args: ReadonlyArray<unknown>
): Goroutine {
  if (typeof name !== "string") throw new InvalidBody("go.named", name, 'write go.named("name", f)')
  return currentRun().start(generatorOf("go.named", body, args), name, named)
}
