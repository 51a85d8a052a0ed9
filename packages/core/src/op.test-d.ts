import { Effect } from "effect"
import { describe, expectTypeOf, it } from "vitest"
import { context, go, joinAll, never, NotReady, Op, run, type Scope, scope, sleep } from "./index.ts"

class NotFound extends Error {
  readonly code = 404
}
class Refused extends Error {
  readonly reason = "refused"
}

declare const needy: Effect.Effect<void, never, "needed">
declare const found: Effect.Effect<number, NotFound>

describe("an op", () => {
  it("is an Effect of the same result and failure", () => {
    const op = Op.fromEffect(found)
    expectTypeOf(op).toEqualTypeOf<Op<number, NotFound>>()
    expectTypeOf(op).toExtend<Effect.Effect<number, NotFound>>()
    const mapped = Effect.map(op, (n) => `${n}`)
    expectTypeOf(mapped).toEqualTypeOf<Effect.Effect<string, NotFound>>()
    const inGen = Effect.gen(function* () {
      return yield* op
    })
    expectTypeOf(inGen).toEqualTypeOf<Effect.Effect<number, NotFound>>()
  })

  it("maps its result and keeps its failure", () => {
    const op = Op.fromEffect(found)
    expectTypeOf(op.map((n) => `${n}`)).toEqualTypeOf<Op<string, NotFound>>()
    expectTypeOf(op.promise()).toEqualTypeOf<Promise<number>>()
    expectTypeOf(sleep("1 second").map(() => true)).toEqualTypeOf<Op<boolean>>()
  })

  it("may be widened, and is never narrowed", () => {
    expectTypeOf<Op<"a">>().toExtend<Op<string>>()
    expectTypeOf<Op<string>>().not.toExtend<Op<"a">>()
    expectTypeOf<Op<void>>().toExtend<Op<void, Error>>()
    expectTypeOf<Op<void, Error>>().not.toExtend<Op<void>>()
    expectTypeOf(never).toExtend<Op<string, NotFound>>()
  })

  it("is no op if its duration is none", () => {
    // @ts-expect-error no duration
    sleep("soon")
    // @ts-expect-error no duration
    sleep(null)
  })
})

describe("Op.make", () => {
  it("infers its result from poll, or is told", () => {
    const made = Op.make({
      name: "n",
      poll: () => (Math.random() > 2 ? Date.now() : NotReady),
      enqueue() {},
      dequeue() {},
    })
    expectTypeOf(made).toEqualTypeOf<Op<number>>()
    expectTypeOf(Op.make<string, NotFound>({ name: "n", enqueue() {}, dequeue() {} })).toEqualTypeOf<
      Op<string, NotFound>
    >()
    // @ts-expect-error no way to withdraw
    Op.make<string>({ name: "n", enqueue() {} })
    // @ts-expect-error another result than it is told
    Op.make<string>({ name: "n", poll: () => 1, enqueue() {}, dequeue() {} })
  })
})

describe("Op.fromPromise", () => {
  it("infers its result from the promise, and its failure from catch", () => {
    expectTypeOf(Op.fromPromise(Promise.resolve(1))).toEqualTypeOf<Op<number>>()
    expectTypeOf(Op.fromPromise(() => Promise.resolve("a"))).toEqualTypeOf<Op<string>>()
    expectTypeOf(
      Op.fromPromise((signal) => {
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
        return Promise.resolve(1)
      }),
    ).toEqualTypeOf<Op<number>>()
    expectTypeOf(
      Op.fromPromise(() => Promise.resolve(1), {
        catch: (reason) => {
          expectTypeOf(reason).toEqualTypeOf<unknown>()
          return new NotFound()
        },
      }),
    ).toEqualTypeOf<Op<number, NotFound>>()
    // @ts-expect-error no promise
    Op.fromPromise(5)
    // @ts-expect-error a function of no promise
    Op.fromPromise(() => 5)
  })

  it("takes the services of an Effect from the run that commits it", () => {
    expectTypeOf(Op.fromEffect(needy)).toExtend<Op<unknown, unknown>>()
    expectTypeOf(Op.fromAbortSignal(new AbortController().signal)).toEqualTypeOf<Op<unknown>>()
  })
})

describe("joinAll", () => {
  it("gives a tuple of the results, and a union of the failures", () => {
    const number = go(function* () {
      yield* Effect.fail(new NotFound())
      return 1
    })
    const text = go(function* () {
      yield* Effect.fail(new Refused())
      return "a"
    })
    const op = joinAll([number, text])
    expectTypeOf(op).toEqualTypeOf<Op<[number, string], NotFound | Refused>>()
  })

  it("gives an array of the results of an array", () => {
    const all = [1, 2].map((n) =>
      go(function* () {
        return n
      }),
    )
    expectTypeOf(joinAll(all)).toEqualTypeOf<Op<Array<number>>>()
  })
})

describe("scope", () => {
  it("gives what its body returns, and fails with what that yields or its type names", () => {
    const plain = scope(function* (s) {
      const child = s.go(function* () {
        return 1
      })
      expectTypeOf(child.join()).toEqualTypeOf<Op<number>>()
      return yield* child
    })
    expectTypeOf(plain).toEqualTypeOf<Op<number>>()
    const failing = scope(function* (s: Scope<NotFound>) {
      s.go(function* () {
        yield* Effect.fail(new NotFound())
      })
      yield* Effect.fail(new Refused())
    })
    expectTypeOf(failing).toEqualTypeOf<Op<void, NotFound | Refused>>()
  })

  it("refuses a child that fails with something else", () => {
    scope(function* (s) {
      // @ts-expect-error the scope names no failure
      s.go(function* () {
        yield* Effect.fail(new NotFound())
      })
    })
  })
})

describe("context", () => {
  it("gives pairs, contexts and values", () => {
    const [ctx, cancel] = context.withTimeout(context.background, "1 second")
    expectTypeOf(ctx.done).toEqualTypeOf<Op<void>>()
    expectTypeOf(ctx.err).toEqualTypeOf<Error | undefined>()
    expectTypeOf(ctx.deadline).toEqualTypeOf<Date | undefined>()
    expectTypeOf(ctx.signal).toEqualTypeOf<AbortSignal>()
    expectTypeOf(context.withValue(ctx, "key", 1).value("key")).toEqualTypeOf<unknown>()
    expectTypeOf(cancel).toEqualTypeOf<(cause?: unknown) => void>()
    void run(function* () {
      expectTypeOf(yield* ctx.done).toEqualTypeOf<void>()
    })
    // @ts-expect-error no context
    context.withCancel({})
  })
})
