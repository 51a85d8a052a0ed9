import { go, gosched, InvalidBody, Op, run, runExit } from "@weft/core"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { underSeeds, upTo } from "../../test/support/numbers.ts"
import { chan } from "../chan.ts"
import { fromAsyncIterable } from "./async-iterable.ts"

/** 0 to n - 1; counts what was asked for, and tells that it was closed. */
function source(n: number, failure?: unknown) {
  const seen = { asked: 0, closed: 0 }
  async function* generate() {
    try {
      for (let i = 0; i < n; i++) {
        seen.asked++
        await Promise.resolve()
        yield i
      }
      if (failure !== undefined) throw failure
    } finally {
      await Promise.resolve()
      seen.closed++
    }
  }
  return { seen, iterable: generate() }
}

/** Long enough for promises and goroutines that have something to do. */
function* settle() {
  for (let i = 0; i < 20; i++) {
    yield* Op.fromPromise(() => Promise.resolve())
    yield* gosched()
  }
}

describe("fromAsyncIterable", () => {
  it("gives every value once, in order, under any schedule", () =>
    underSeeds(function* () {
      const { seen, iterable } = source(10)
      expect(yield* fromAsyncIterable(iterable).drain()).toEqual(upTo(10))
      expect(seen).toEqual({ asked: 10, closed: 1 })
    }))

  it("asks for one value ahead, and for as many more as there is room", () =>
    run(function* () {
      for (const capacity of [0, 3]) {
        const { seen, iterable } = source(10)
        using values = fromAsyncIterable(iterable, { capacity })
        yield* settle()
        expect(seen.asked).toBe(1 + capacity)
        yield* values.receive()
        yield* settle()
        expect(seen.asked).toBe(2 + capacity)
      }
    }))

  it("fails its receivers with a rejection, after the last value", async () => {
    const exit = await runExit(function* () {
      const values = fromAsyncIterable(source(2, "torn").iterable)
      expect([yield* values.receive(), yield* values.receive()]).toEqual([0, 1])
      yield* values.receive()
    })
    expect(exit).toEqual(Exit.fail("torn"))
  })

  it("makes the failure that catch says", async () => {
    const exit = await runExit(function* () {
      const values = fromAsyncIterable(source(1, "torn").iterable, { catch: (cause) => ({ code: 7, cause }) })
      yield* values.drain()
    })
    expect(exit).toEqual(Exit.fail({ code: 7, cause: "torn" }))
  })

  it("fails with what next throws instead of answering a promise", async () => {
    const iterable = {
      [Symbol.asyncIterator]: () => ({
        next: (): Promise<IteratorResult<number>> => {
          throw new RangeError("at once")
        },
      }),
    }
    const exit = await runExit(() => fromAsyncIterable(iterable).forEach(() => undefined))
    expect(exit).toEqual(Exit.fail(new RangeError("at once")))
  })

  it("closes the iterator when it is stopped, and its goroutine ends after that", () =>
    run(function* () {
      const { seen, iterable } = source(10)
      const values = fromAsyncIterable(iterable)
      yield* values.receive()
      yield* settle()
      values.stop()
      expect((yield* values.next()).ok).toBe(false)
      while (values.goroutine.status !== "done") yield* settle()
      expect(seen.closed).toBe(1)
    }))

  it("closes it before the first step, and once only", () =>
    run(function* () {
      let closed = 0
      const iterable = {
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.resolve({ done: false, value: 1 }),
          return: () => Promise.resolve({ done: true as const, value: closed++ }),
        }),
      }
      const values = fromAsyncIterable(iterable)
      values.stop()
      yield* settle()
      expect(closed).toBe(1)
      values.stop()
      yield* settle()
      expect(closed).toBe(1)
    }))

  it("does not close an iterator that has rejected, which is closed", () =>
    run(function* () {
      let closed = 0
      const values = fromAsyncIterable<number>({
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.reject(new Error("torn")),
          return: () => Promise.resolve({ done: true as const, value: closed++ }),
        }),
      })
      expect(yield* thrownBy(values.goroutine.join())).toEqual(new Error("torn"))
      values.stop()
      yield* settle()
      expect(closed).toBe(0)
    }))

  it("does not wait for a next that never comes", () =>
    run(function* () {
      let closed = 0
      const values = fromAsyncIterable({
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise<IteratorResult<number>>(() => undefined),
          // An async generator's return waits for the next that is under way.
          return: () => {
            closed++
            return new Promise<IteratorResult<number>>(() => undefined)
          },
        }),
      })
      yield* settle()
      values.stop()
      yield* settle()
      expect([values.goroutine.status, closed]).toEqual(["done", 1])
    }))

  it("is closed when the run ends", async () => {
    const { seen, iterable } = source(10)
    await run(function* () {
      yield* fromAsyncIterable(iterable).receive()
      yield* settle()
    })
    expect(seen.closed).toBe(1)
  })

  it.each([[[1, 2]], [undefined], [5]])("refuses %o at the call, and says how to make one of a list", (given) => {
    expect(() => fromAsyncIterable(given as never)).toThrow(
      new InvalidBody("fromAsyncIterable", given, "write (async function* () { yield* list })()"),
    )
  })
})

describe("for await over a receiver", () => {
  it("takes nothing further once it was left", () =>
    run(function* () {
      const ch = chan<number>()
      go(function* () {
        for (let i = 0; i < 5; i++) yield* ch.send(i)
        ch.close()
      })
      const first = yield* Op.fromPromise(async () => {
        for await (const value of ch) if (value === 1) return value
        return undefined
      })
      expect(first).toBe(1)
      expect(yield* ch.drain()).toEqual([2, 3, 4])
    }))

  it("throws what a flow failed with", () =>
    run(function* () {
      const values = fromAsyncIterable(source(2, new Error("torn")).iterable)
      const got: Array<number> = []
      const reading = async () => {
        for await (const value of values) got.push(value)
      }
      const error = yield* Op.fromPromise(() => reading().catch((error: unknown) => error))
      expect([got, error]).toEqual([[0, 1], new Error("torn")])
    }))
})
