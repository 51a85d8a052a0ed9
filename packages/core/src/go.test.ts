import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { Mailbox } from "../test/support/mailbox.ts"
import { go, gosched, GoroutinePanic, InvalidBody, InvalidYield, never, Op, run, runExit, scope } from "./index.ts"

describe("go", () => {
  it("never starts synchronously, and starts in order", () =>
    run(function* () {
      const order: Array<string> = []
      for (const name of ["a", "b", "c"])
        go(function* () {
          order.push(name)
        })
      order.push("main")
      yield* gosched()
      expect(order).toEqual(["main", "a", "b", "c"])
    }))

  it("passes arguments on", () =>
    run(function* () {
      function* sum(...numbers: Array<number>) {
        return numbers.reduce((a, b) => a + b, 0)
      }
      expect([yield* go(sum, 1, 2, 3), yield* go.named("sum", sum, 4)]).toEqual([6, 4])
    }))

  it("takes any function that returns a generator, and any iterator that can be thrown into", () =>
    run(function* () {
      function* body() {
        return "made"
      }
      expect(yield* go(() => body())).toBe("made")
      const inner = body()
      const wrapped = {
        next: () => inner.next(),
        throw: (error: unknown) => inner.throw(error),
        return: (value: string) => inner.return(value),
        [Symbol.iterator]() {
          return this
        },
      }
      expect(yield* go(() => wrapped as never)).toBe("made")
    }))

  it("takes an Effect, and an op, as it is one", () =>
    run(function* () {
      expect(yield* go(Effect.succeed(1))).toBe(1)
      expect(yield* go(Op.fromPromise(Promise.resolve(2)))).toBe(2)
    }))

  it("outside any run starts a goroutine of the process", async () => {
    const goroutine = go(function* () {
      yield* gosched()
      return "outside"
    })
    expect(await goroutine.join().promise()).toBe("outside")
  })
})

const notABody = (body: unknown) => body as () => Generator<never, void, never>

const error = (f: () => unknown): unknown => {
  try {
    f()
  } catch (error) {
    return error
  }
  return undefined
}

describe("a body that is none", () => {
  const starters: ReadonlyArray<readonly [string, (body: never) => unknown]> = [
    ["go", (body) => go(body)],
    ["go.named", (body) => go.named("name", body)],
  ]
  describe.each(starters)("given to %s", (caller, start) => {
    async function asyncFunction() {}
    async function* asyncGenerator() {}
    function* generator() {}
    const cases: ReadonlyArray<readonly [string, unknown, string]> = [
      [
        "an async function",
        asyncFunction,
        "an AsyncFunction (asyncFunction); write function* for async function and `yield* Op.fromPromise(() => ...)` for await",
      ],
      [
        "an async generator",
        asyncGenerator,
        "an AsyncGeneratorFunction (asyncGenerator); write function* for async function* and `yield*` for await",
      ],
      ["a plain function", () => 5, "a plain function; it returned 5; write function* () { ... }"],
      ["a plain function of nothing", () => undefined, "it returned undefined; write function* () { ... }"],
      [
        "a function that returns an op",
        () => never,
        "it returns an op or Effect: give that itself, or use function* and `return yield*`",
      ],
      ["a generator already made", generator(), "a Generator; give it the generator function itself, not called"],
      ["a promise", Promise.resolve(), "a Promise; give it a generator function (function* () { ... }) or an Effect"],
      [
        "nothing",
        undefined,
        "undefined; go of nil func value: give it a generator function (function* () { ... }) or an Effect",
      ],
      ["a channel", { tryReceive: () => undefined }, "a channel; give it a generator function"],
      ["an object", { a: 1 }, "an object {a}; give it a generator function"],
    ]
    it.each(cases)("is refused at the call: %s", (_, body, text) => {
      const thrown = error(() => start(body as never))
      expect(thrown).toBeInstanceOf(InvalidBody)
      expect((thrown as Error).message).toContain(`weft: ${caller} can't start `)
      expect((thrown as Error).message).toContain(text)
    })
  })

  it.each([undefined, 5, function* () {}])("refuses %o as a name", (name: unknown) => {
    const thrown = error(() => go.named(name as never, never))
    expect(thrown).toEqual(new InvalidBody("go.named", name, 'write go.named("name", f)'))
  })

  it("given to run or runExit makes the promise reject", async () => {
    await expect(run(notABody(async () => {}))).rejects.toThrow("weft: run can't start an AsyncFunction")
    await expect(runExit(notABody(() => 5))).rejects.toThrow("weft: runExit can't start a plain function")
  })

  it("given to scope is refused at the call if it is no function, else where the scope is committed", () =>
    run(function* () {
      expect(error(() => scope(5 as never))).toBeInstanceOf(InvalidBody)
      let thrown: unknown
      try {
        yield* scope((() => 5) as never)
      } catch (error) {
        thrown = error
      }
      expect((thrown as Error).message).toContain("weft: scope can't start a plain function")
    }))

  it("whose rejection has been said already is no unhandled one", () => {
    expect(
      error(() =>
        go((async () => {
          await Promise.resolve()
          throw new Error("late")
        }) as never),
      ),
    ).toBeInstanceOf(InvalidBody)
  })

  it("leaves no goroutine behind", () =>
    run(
      function* () {
        error(() => go((() => 5) as never))
      },
      {
        onLeak: () => {
          throw new Error("leaked")
        },
      },
    ))
})

describe("a yield of what can't be waited for", () => {
  const yields: ReadonlyArray<readonly [string, unknown, string]> = [
    [
      "an op, without the star",
      never,
      "a goroutine can't yield the op itself (never); write `yield* op`, with the star",
    ],
    [
      "a promise",
      Promise.resolve(1),
      "a goroutine can't yield a Promise; write `yield* Op.fromPromise((signal) => ...)`",
    ],
    ["a number", 5, "a goroutine can't yield 5; write `yield*` before an op, a goroutine or an Effect"],
    ["nothing", undefined, "a goroutine can't yield undefined; write `yield*`"],
  ]
  it.each(yields)("throws there: %s", (_, value, text) =>
    run(function* () {
      let thrown: unknown
      try {
        yield value as never
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBeInstanceOf(InvalidYield)
      expect((thrown as Error).message).toContain(text)
      expect((thrown as InvalidYield).fields.yielded).toBe(value)
    }),
  )

  it("names a goroutine as one", () =>
    run(function* () {
      const goroutine = go(never)
      let thrown: unknown
      try {
        yield goroutine as never
      } catch (error) {
        thrown = error
      }
      expect((thrown as Error).message).toContain("can't yield a goroutine; write `yield*` before an op, a goroutine")
    }))

  it("throws at the first of many, and the goroutine can go on", () =>
    run(function* () {
      let n = 0
      for (let i = 0; i < 3; i++) {
        try {
          yield 5 as never
        } catch {
          n++
        }
      }
      yield* gosched()
      expect(n).toBe(3)
    }))

  it("of an op just committed is told from committing it", () =>
    run(function* () {
      const op = gosched()
      yield* op
      let thrown: unknown
      try {
        yield op
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBeInstanceOf(InvalidYield)
    }))

  it("of an op that the engine's own result brings is committing it, as yield* of JavaScriptCore hands that on", () =>
    run(function* () {
      const box = new Mailbox<string>()
      go(function* () {
        yield* gosched()
        box.put("letter")
      })
      expect(yield* anew(box.take)).toBe("letter")
      expect(yield* anew(gosched())).toBeUndefined()
    }))

  it("with the star on a promise fails saying what to write instead", async () => {
    const ended = run(function* () {
      yield* Promise.resolve(1) as unknown as Op<void>
    })
    await expect(ended).rejects.toThrow(/for a promise write `yield\* Op\.fromPromise\(\(\) => \.\.\.\)`/)
    const child = run(function* () {
      go(function* () {
        yield* Promise.resolve(1) as unknown as Op<void>
      })
      yield* never
    })
    await expect(child).rejects.toThrow(GoroutinePanic)
    await expect(child).rejects.toThrow(/write `yield\* Op\.fromPromise/)
  })
})

describe("a yield* of several", () => {
  const several: ReadonlyArray<readonly [string, () => unknown]> = [
    ["an array of ops", () => [gosched(), gosched()]],
    ["an array of goroutines", () => [go(never), go(never)]],
    ["a string", () => "text"],
    ["a Map", () => new Map([[1, 2]])],
  ]
  it.each(several)("fails saying to join them: %s", async (_, make) => {
    const ended = run(function* () {
      yield* make() as Op<void>
    })
    await expect(ended).rejects.toThrow(/'throw' method.*for several `yield\* joinAll\(\[go\(f\), go\(g\)\]\)`/)
  })
})

/** What `yield*` does with an op, where the engine makes a result of its own. */
function* anew<A>(op: Op<A>): Generator<Op<A>, A, A> {
  const iterator = op[Symbol.iterator]()
  let result = iterator.next()
  while (result.done !== true) result = iterator.next(yield result.value)
  return result.value
}
