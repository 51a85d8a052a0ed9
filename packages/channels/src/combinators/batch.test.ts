import { failure, go, InvalidDuration, Op, sleep } from "@weft/core"
import type * as Duration from "effect/Duration"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"
import { numbers, underSeeds, upTo } from "../../test/support/numbers.ts"
import { chan } from "../chan.ts"
import { flow } from "../flow.ts"
import { batch } from "./batch.ts"

describe("batch", () => {
  it("gathers n values, sends the rest at the end, and loses nothing under any schedule", () =>
    underSeeds(function* () {
      const got = yield* batch(numbers(10).from, 4, "1 hour").drain()
      expect(got.flat()).toEqual(upTo(10))
      expect(got.map((values) => values.length)).toEqual([4, 4, 2])
    }))

  it("gathers for no longer than d after the first value of a batch", () =>
    runVirtual(function* () {
      const from = chan<number>()
      go(function* () {
        for (const pause of [5, 4, 4, 4]) {
          yield* sleep(pause)
          yield* from.send(pause)
        }
        yield* sleep("1 hour")
      })
      using batches = batch(from, 100, 10)
      expect(yield* batches.receive()).toEqual([5, 4, 4])
      expect(yield* batches.receive()).toEqual([4])
      expect(batches.tryReceive()).toBeUndefined()
    }))

  it("sends no empty batch while nothing comes", () =>
    runVirtual(function* () {
      using batches = batch(chan<number>(), 2, 1)
      yield* sleep(100)
      expect(batches.tryReceive()).toBeUndefined()
    }))

  it("reads nothing while a batch waits to be received", () =>
    runVirtual(function* () {
      const { from, taken } = numbers(10)
      const batches = batch(from, 3, 1)
      yield* sleep(50)
      expect(taken()).toBe(3)
      expect(yield* batches.receive()).toEqual([0, 1, 2])
      yield* sleep(50)
      expect(taken()).toBe(6)
    }))

  it("sends what it has before a failure", () =>
    underSeeds(function* () {
      const source = flow<number, Op<unknown, Error>>([], 0, function* (out) {
        yield* out.send(1)
        throw failure(new Error("broken"))
      })
      const batches = batch(source, 3, "1 hour")
      expect(yield* batches.receive()).toEqual([1])
      expect(yield* Op.fromPromise(() => batches.receive().promise().catch(String))).toBe("Error: broken")
    }))

  it("unwinds when it is stopped with a batch begun", () =>
    runVirtual(function* () {
      const from = chan<number>()
      const batches = batch(from, 3, "1 hour")
      yield* from.send(1)
      yield* waitIdle()
      batches.stop()
      yield* waitIdle()
      expect(batches.goroutine.status).toBe("done")
    }))

  it("refuses a size that no batch can have", () => {
    for (const n of [0, -1, 1.5, NaN])
      expect(() => batch(chan<number>(), n, 1)).toThrow(`batch: n out of range (${n}); pass`)
  })

  it.each([Number.NaN, "5 bananas"])("refuses %o as a duration at the call", (d) => {
    expect(() => batch(chan(), 2, d as Duration.Input)).toThrow(InvalidDuration)
  })
})
