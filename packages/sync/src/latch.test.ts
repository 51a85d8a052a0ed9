import { go, Panic, run, sleep } from "@weft/core"
import { describe, expect, it } from "vitest"
import { underSchedules } from "../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { InvalidAmount } from "./invalid-amount.ts"
import { Latch, NegativeLatchCount } from "./latch.ts"

describe("Latch", () => {
  underSchedules(
    "releases every waiter at zero and none before, and then nobody waits",
    function* () {
      const latch = new Latch(3)
      const released: Array<string> = []
      const waiters = ["a", "b"].map((name) =>
        go(function* () {
          yield* latch.wait()
          released.push(name)
        }),
      )
      latch.countDown(2)
      yield* waitIdle()
      expect([released, latch.count]).toEqual([[], 1])
      latch.countDown()
      for (const waiter of waiters) yield* waiter
      expect([released.sort(), latch.count]).toEqual([["a", "b"], 0])
      yield* latch.wait()
    },
    { time: "virtual" },
  )

  it("is open from the start where there is nothing to count", () =>
    run(function* () {
      yield* new Latch(0).wait()
    }))

  it("says what it is waiting for", () =>
    runVirtual(function* () {
      const latch = new Latch(2)
      const waiting = go(latch.wait())
      yield* waitIdle()
      expect([waiting.waitReason, waiting.waitDetail]).toEqual(["sync.Latch.Wait", "a latch (count 2)"])
      latch.countDown(2)
      yield* waiting
    }))

  it("refuses to go below zero, open or not, and keeps its count", () => {
    const latch = new Latch(1)
    expect(() => latch.countDown(2)).toThrow(NegativeLatchCount)
    expect(latch.count).toBe(1)
    latch.countDown()
    let error: unknown
    try {
      latch.countDown()
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(Panic)
    expect(error).toMatchObject({
      name: "NegativeLatchCount",
      message: "latch: negative count (0 - 1); count down once for each part",
      fields: { count: 0, n: 1 },
    })
    expect(() => latch.countDown(0)).not.toThrow()
  })

  it("refuses counts that are none", () => {
    for (const count of [-1, 0.5, NaN]) {
      expect(() => new Latch(count)).toThrow(InvalidAmount)
      expect(() => new Latch(1).countDown(count)).toThrow(InvalidAmount)
    }
    expect(() => new Latch(-1)).toThrow("latch: count < 0 (-1); pass a whole number from 0 on")
    expect(() => new Latch(1).countDown(-1)).toThrow("latch: n < 0 (-1); pass a whole number from 0 on")
  })

  it("ends no later wait of a goroutine that was interrupted here", () =>
    runVirtual(function* () {
      const latch = new Latch(1)
      const gone = go(function* () {
        try {
          yield* latch.wait()
        } finally {
          yield* sleep("1 hour")
        }
      })
      yield* waitIdle()
      gone.interrupt()
      yield* waitIdle()
      latch.countDown()
      yield* waitIdle()
      expect(gone.waitReason).toBe("sleep")
    }))

  it("forgets a waiter that gave up, and serves promises", async () => {
    const latch = new Latch(1)
    const abort = new AbortController()
    const gone = latch.wait().promise(abort.signal)
    const waiting = latch.wait().promise()
    abort.abort(new Error("enough"))
    await expect(gone).rejects.toThrow("enough")
    latch.countDown()
    await waiting
  })
})
