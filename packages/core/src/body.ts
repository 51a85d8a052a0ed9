import * as Effect from "effect/Effect"
import { describe, InvalidBody } from "./panic.ts"

/**
 * What a goroutine's generator yields, by `yield*`: ops and Effects.
 *
 * @since 0.1.0
 */
export type Yieldable = Effect.Effect<unknown, unknown, unknown>

/** The error type of a body that yields `Y`. @since 0.1.0 */
export type ErrorOf<Y> = [Y] extends [never]
  ? never
  : [Y] extends [Effect.Effect<infer _A, infer E, infer _R>]
    ? E
    : never

/** The services that a body which yields `Y` needs; of `any` nobody knows, so none. @since 0.1.0 */
export type ServicesOf<Y> = 0 extends 1 & Y
  ? never
  : [Y] extends [never]
    ? never
    : [Y] extends [Effect.Effect<infer _A, infer _E, infer R>]
      ? R
      : never

/**
 * A goroutine's body: a function that returns a generator.
 *
 * @since 0.1.0
 */
export type Body<A, Y extends Yieldable = Yieldable, Args extends ReadonlyArray<unknown> = []> = (
  ...args: Args
) => Generator<Y, A, never>

type AnyGenerator = Generator<unknown, unknown, unknown>

/** Native generators of this realm, told by one prototype check. */
const NativeGenerator: { new (): AnyGenerator; readonly prototype: AnyGenerator } = (() => {
  const NativeGenerator = function () {}
  NativeGenerator.prototype = Object.getPrototypeOf(Object.getPrototypeOf((function* () {})()) as object) as unknown
  return NativeGenerator as never
})()

/** Taken once: each generator function has a prototype of its own, in which `generator.next` would be looked up. */
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with each generator as its this
export const resume: AnyGenerator["next"] = NativeGenerator.prototype.next

/**
 * Makes the generator of a body, as `go` does: for those who check a body now and run it later. Nothing of a generator function runs yet.
 *
 * Errors: `InvalidBody`, in which `caller` names itself.
 *
 * @since 0.1.0
 */
export function generatorOf(
  caller: string,
  body: unknown,
  args: ReadonlyArray<unknown>,
): Generator<unknown, unknown, unknown> {
  if (typeof body === "function") {
    const made = (body as (...args: ReadonlyArray<unknown>) => unknown)(...args)
    if (made instanceof NativeGenerator) return made
    if (isGenerator(made)) return foreignBody(made)
    throw misuse(caller, body, made)
  }
  if (Effect.isEffect(body)) return effectBody(body)
  if (body === undefined || body === null)
    throw new InvalidBody(
      caller,
      body,
      "go of nil func value: give it a generator function (function* () { ... }) or an Effect",
    )
  throw new InvalidBody(
    caller,
    body,
    isGenerator(body)
      ? "give it the generator function itself, not called"
      : "give it a generator function (function* () { ... }) or an Effect",
  )
}

function* effectBody(effect: Effect.Effect<unknown, unknown, unknown>): AnyGenerator {
  return yield* effect as Effect.Effect<unknown>
}

/** A generator of another realm, or one that a compiler made of older JavaScript. */
function* foreignBody(generator: AnyGenerator): AnyGenerator {
  return yield* generator
}

/**
 * What a function that was called for what it does has left to do: the generator that it returned, or nothing.
 *
 * Errors: `InvalidBody` where it returned what nobody would wait for: a promise, an op, an Effect.
 *
 * @since 0.1.0
 */
export function generatorIn(
  caller: string,
  f: unknown,
  made: unknown,
): Generator<Yieldable, unknown, unknown> | undefined {
  if (isGenerator(made)) return made
  if (isThenable(made)) throw misuse(caller, f, made)
  if (Effect.isEffect(made))
    throw new InvalidBody(caller, f, "it returns an op or Effect: use function* and `yield*`", made)
  return undefined
}

/**
 * Whether a function that may be plain or a generator function has returned a generator.
 *
 * @since 0.1.0
 */
export function isGenerator(value: unknown): value is Generator<Yieldable, unknown, unknown> {
  const candidate = value as { next?: unknown; throw?: unknown; return?: unknown; [Symbol.iterator]?: unknown } | null
  return (
    typeof candidate === "object" &&
    candidate !== null &&
    typeof candidate.next === "function" &&
    typeof candidate.throw === "function" &&
    typeof candidate.return === "function" &&
    typeof candidate[Symbol.iterator] === "function"
  )
}

function isThenable(made: unknown): made is PromiseLike<unknown> {
  return typeof (made as { then?: unknown } | null | undefined)?.then === "function"
}

function misuse(caller: string, body: unknown, made: unknown): InvalidBody {
  if (isThenable(made)) {
    // It already runs: that nobody waits for it is said here, and the error has it.
    made.then(undefined, () => undefined)
    return new InvalidBody(
      caller,
      body,
      "write function* for async function and `yield* Op.fromPromise(() => ...)` for await",
      made,
    )
  }
  if (typeof (made as { [Symbol.asyncIterator]?: unknown } | null)?.[Symbol.asyncIterator] === "function")
    return new InvalidBody(caller, body, "write function* for async function* and `yield*` for await")
  if (Effect.isEffect(made))
    return new InvalidBody(
      caller,
      body,
      "it returns an op or Effect: give that itself, or use function* and `return yield*`",
    )
  return new InvalidBody(caller, body, `it returned ${describe(made)}; write function* () { ... }`)
}
