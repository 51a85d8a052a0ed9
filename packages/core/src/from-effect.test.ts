import { Context, Deferred, Effect, Exit } from "effect"
import { describe, expect, it } from "vitest"
import { go, gosched, isFailure, never, Op, run, runExit, sleep } from "./index.ts"

describe("an Effect in a goroutine", () => {
  it("gives what it succeeds with, ready or waited for", () =>
    run(function* () {
      expect(yield* Effect.succeed(1)).toBe(1)
      expect(yield* Effect.sleep(1).pipe(Effect.as(2))).toBe(2)
    }))

  it("throws its typed failure at the yield, marked as one", () =>
    run(function* () {
      const caught: Array<unknown> = []
      for (const effect of [
        Effect.fail("plain"),
        Effect.sleep(1).pipe(Effect.andThen(Effect.fail(new Error("late")))),
      ]) {
        try {
          yield* effect
        } catch (error) {
          caught.push(error)
          expect(isFailure(error)).toBe(true)
        }
      }
      expect(caught).toMatchObject(["plain", { message: "late" }])
    }))

  it("throws a defect as a panic", () =>
    run(function* () {
      let caught: unknown
      try {
        yield* Effect.die(new Error("defect"))
      } catch (error) {
        caught = error
      }
      expect(caught).toMatchObject({ message: "defect" })
      expect(isFailure(caught)).toBe(false)
    }))

  it("has the services of the run", async () => {
    class Greeting extends Context.Service<Greeting, { readonly text: string }>()("Greeting") {}
    const services = Context.make(Greeting, { text: "hello" })
    const said = await run(
      function* () {
        const child = go(function* () {
          return (yield* Greeting).text
        })
        return [(yield* Greeting).text, yield* child, (yield* Op.fromEffect(Greeting)).text]
      },
      { services },
    )
    expect(said).toEqual(["hello", "hello", "hello"])
  })

  it("is interrupted with its goroutine, whose finally runs after the effect's finalizers", () =>
    run(function* () {
      const order: Array<string> = []
      const released = Deferred.makeUnsafe<void>()
      const child = go(function* () {
        try {
          yield* Effect.never.pipe(
            Effect.onInterrupt(() => {
              order.push("finalizer starts")
              return Deferred.await(released).pipe(Effect.andThen(Effect.sync(() => void order.push("finalizer ends"))))
            }),
          )
          order.push("went on")
        } finally {
          order.push("finally")
        }
      })
      yield* gosched()
      yield* gosched()
      child.interrupt()
      yield* gosched()
      expect(order).toEqual(["finalizer starts"])
      expect([child.status, child.waitReason]).toEqual(["waiting", "effect finalizers"])
      Deferred.doneUnsafe(released, Exit.void)
      yield* joined(child)
      expect(order).toEqual(["finalizer starts", "finalizer ends", "finally"])
    }))

  it("may be a goroutine's whole body", async () => {
    expect(await run(Effect.succeed(3))).toBe(3)
    expect(await runExit(Effect.fail("no"))).toEqual(Exit.fail("no"))
  })
})

describe("Op.fromEffect", () => {
  it("runs the effect at each commit, not before", () =>
    run(function* () {
      let runs = 0
      const op = Op.fromEffect(Effect.sync(() => ++runs))
      expect(runs).toBe(0)
      expect([yield* op, yield* op]).toEqual([1, 2])
    }))

  it("interrupts the effect when a promise's signal withdraws it", async () => {
    let isInterrupted = false
    const abort = new AbortController()
    const effect = Effect.never.pipe(Effect.onInterrupt(() => Effect.sync(() => void (isInterrupted = true))))
    const waiting = Op.fromEffect(effect).promise(abort.signal)
    abort.abort(new Error("enough"))
    await expect(waiting).rejects.toThrow("enough")
    expect(isInterrupted).toBe(true)
  })
})

describe("the one thing that Weft touches of effect", () => {
  const iteratorPrototype = () => Object.getPrototypeOf(Effect.void[Symbol.iterator]()) as object

  it("is a throw on the iterator of plain Effects, put there once", async () => {
    await run(function* () {
      yield* Effect.void
    })
    const first = Object.getOwnPropertyDescriptor(iteratorPrototype(), "throw")
    expect(Object.getOwnPropertyNames(iteratorPrototype()).sort()).toEqual(["constructor", "next", "throw"])
    expect(first).toMatchObject({ configurable: true, enumerable: false, writable: true })
    await run(function* () {
      yield* Effect.sleep(1)
    })
    expect(Object.getOwnPropertyDescriptor(iteratorPrototype(), "throw")).toEqual(first)
  })

  it("throws the error on where nobody parked there", () => {
    const iterator = Effect.void[Symbol.iterator]() as Iterator<unknown>
    const error = new Error("thrown in")
    expect(() => iterator.throw!(error)).toThrow(error)
  })

  it("leaves Effect.gen and its failures as they were", async () => {
    const exit = await Effect.runPromiseExit(
      Effect.gen(function* () {
        yield* Effect.fail("typed")
        return yield* Effect.never
      }),
    )
    expect(exit).toEqual(Exit.fail("typed"))
  })
})

it("sleeping in an Effect and in a goroutine may be mixed", () =>
  run(function* () {
    const inner = Effect.gen(function* () {
      yield* sleep(1)
      return yield* Op.fromPromise(Promise.resolve(1))
    })
    expect(yield* inner).toBe(1)
    const gone = go(never)
    gone.interrupt()
  }))

function* joined(goroutine: { readonly status: string }) {
  while (goroutine.status !== "done") yield* Effect.yieldNow
}
