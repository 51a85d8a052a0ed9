/** Promises that settle at every moment, and goroutines that give up on them at every moment. */
import { go, Op } from "@weft/core"
import { explore } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { expectNothingLeft } from "../support/left-over.ts"
import { planted } from "../support/planted.ts"
import { promised } from "../support/promised.ts"
import { thrownBy } from "../support/thrown-by.ts"

/** Settles it at whatever step of the others the search comes to. */
const doing = (f: () => void) =>
  go(function* () {
    f()
  })

describe("fromPromise", () => {
  it("gives the value to everybody who waits for it, before it settles or after", async () => {
    const { schedules } = await explore.check({}, function* () {
      const { promise, resolve } = promised<number>()
      const op = Op.fromPromise(promise)
      const waiting = [go(op), go(op)]
      const resolver = doing(() => resolve(7))
      for (const goroutine of waiting) expect(yield* goroutine).toBe(7)
      yield* resolver
      expectNothingLeft()
    })
    expect(schedules).toBe(4656)
  })

  it("throws a rejection as it is, or as the typed failure made of it, in each who waits", async () => {
    const { schedules } = await explore.check({}, function* () {
      const { promise, reject } = promised<number>()
      const boom = new Error("boom")
      const plain = go(thrownBy, Op.fromPromise(promise))
      const typed = go(thrownBy, Op.fromPromise(promise, { catch: (reason) => ["typed", reason] as const }))
      const rejecter = doing(() => reject(boom))
      expect(yield* plain).toBe(boom)
      expect(yield* typed).toEqual(["typed", boom])
      yield* rejecter
      expectNothingLeft()
    })
    expect(schedules).toBe(4656)
  })

  it("told in any order, where several settle at one moment", async () => {
    const orders = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const { promise, resolve } = promised<void>()
      const order: Array<string> = []
      const waiting = ["a", "b"].map((name) =>
        go(function* () {
          yield* Op.fromPromise(promise)
          order.push(name)
        }),
      )
      resolve()
      for (const goroutine of waiting) yield* goroutine
      orders.add(order.join(""))
    })
    expect(orders).toEqual(new Set(["ab", "ba"]))
    expect(schedules).toBe(1086)
  })

  it("interrupted at every step waits for nothing any more; what it gave was given whole", async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const { promise, resolve } = promised<number>()
      const got: Array<number> = []
      const waiting = go(function* () {
        got.push(yield* Op.fromPromise(promise))
      })
      const helpers = [doing(() => resolve(7)), doing(() => waiting.interrupt())]
      const error = yield* thrownBy(waiting.join())
      ends.add(`${error === undefined ? "returned" : "interrupted"} with ${got.length}`)
      for (const helper of helpers) yield* helper
      expectNothingLeft()
    })
    // One that was told already keeps its value, and unwinds at its next op: here it has none.
    expect([...ends].sort()).toEqual(["interrupted with 0", "returned with 1"])
    expect(schedules).toBe(175)
  })

  it("aborts its signal exactly if it was withdrawn before the promise had settled and it was told", async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const { promise, resolve } = promised<number>()
      const signals: Array<AbortSignal> = []
      const waiting = go(
        Op.fromPromise((signal) => {
          signals.push(signal)
          return promise
        }),
      )
      const helpers = [doing(() => resolve(7)), doing(() => waiting.interrupt())]
      const error = yield* thrownBy(waiting.join())
      for (const helper of helpers) yield* helper
      const aborted = signals.map((signal) => signal.aborted)
      // Before its first step there is no promise to abort.
      if (error === undefined) expect(aborted).toEqual([false])
      ends.add(`${error === undefined ? "returned" : "interrupted"}, aborted ${aborted.join()}`)
      expectNothingLeft()
    })
    expect([...ends].sort()).toEqual(["interrupted, aborted ", "interrupted, aborted true", "returned, aborted false"])
    expect(schedules).toBe(175)
  })

  it("lets a promise reject by the abort that its own withdrawal caused, and nobody hears of it", async () => {
    const { schedules } = await explore.check({}, function* () {
      const waiting = go(
        Op.fromPromise(
          (signal) =>
            new Promise<number>((_, reject) => {
              signal.addEventListener("abort", () => reject(signal.reason as Error))
            }),
        ),
      )
      const interrupter = doing(() => waiting.interrupt())
      expect(yield* thrownBy(waiting.join())).toMatchObject({ name: "GoroutineInterrupted" })
      yield* interrupter
      expectNothingLeft()
    })
    expect(schedules).toBe(10)
  })

  it("calls its function once for each commit, and what that throws is a rejection", async () => {
    const { schedules } = await explore.check({}, function* () {
      let calls = 0
      const op = Op.fromPromise<number, string>(
        () => {
          calls++
          throw new Error("boom")
        },
        { catch: (reason) => (reason as Error).message },
      )
      const waiting = [go(thrownBy, op), go(thrownBy, op)]
      for (const goroutine of waiting) expect(yield* goroutine).toBeDefined()
      expect(calls).toBe(2)
      expectNothingLeft()
    })
    expect(schedules).toBe(1086)
  })
})

describe("explore finds", () => {
  it("a promise's value that comes after a check of whether anybody still waits", async () => {
    const error = await planted(function* () {
      const { promise, resolve } = promised<number>()
      const got: Array<number> = []
      const waiting = go(function* () {
        got.push(yield* Op.fromPromise(promise))
      })
      const resolver = doing(() => resolve(7))
      const interrupter = go(function* () {
        if (waiting.status === "waiting") waiting.interrupt()
        else yield* waiting
      })
      yield* resolver
      yield* thrownBy(interrupter.join())
      yield* thrownBy(waiting.join())
      if (got.length === 0) throw new Error("the value is lost")
    })
    expect(error).toEqual(new Error("the value is lost"))
  })

  it("the order of two promises that a program relies on", async () => {
    const error = await planted(function* () {
      const order: Array<string> = []
      const waiting = ["config", "data"].map((name) =>
        go(function* () {
          order.push(yield* Op.fromPromise(Promise.resolve(name)))
        }),
      )
      for (const goroutine of waiting) yield* goroutine
      expect(order).toEqual(["config", "data"])
    })
    expect(error).toMatchObject({ name: "AssertionError" })
  })
})
