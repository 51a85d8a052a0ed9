import { failure, go, InvalidBody, sleep } from "@weft/core"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"
import { numbers, underSeeds, upTo } from "../../test/support/numbers.ts"
import { chan } from "../chan.ts"
import { map } from "./map.ts"

describe("map", () => {
  it("keeps the order and loses nothing, under any schedule", () =>
    underSeeds(function* () {
      expect(yield* map(numbers(20).from, (n) => n * 2).drain()).toEqual(upTo(20).map((n) => n * 2))
    }))

  it("waits for a generator function, one value at a time", () =>
    underSeeds(function* () {
      let atWork = 0
      const doubled = map(numbers(10).from, function* (n) {
        expect(++atWork).toBe(1)
        yield* sleep(10 - n)
        atWork--
        return n * 2
      })
      expect(yield* doubled.drain()).toEqual(upTo(10).map((n) => n * 2))
    }))

  it("holds its input back: one value in hand, and the capacity", () =>
    runVirtual(function* () {
      for (const capacity of [0, 3]) {
        const { from, taken } = numbers(10)
        const out = map(from, (n) => n, capacity)
        yield* waitIdle()
        expect(taken()).toBe(1 + capacity)
        yield* out.receive()
        yield* waitIdle()
        expect(taken()).toBe(2 + capacity)
      }
    }))

  it("sends ops, iterators and undefined as values", () =>
    runVirtual(function* () {
      const values = [sleep(1), [1].values(), new Set([1]).entries(), undefined, null]
      const from = chan<unknown>(values.length)
      for (const value of values) from.trySend(value)
      from.close()
      const got = yield* map(from, (value) => value).drain()
      expect(got.map((value, i) => value === values[i])).toEqual(values.map(() => true))
    }))

  it("ends with a typed failure of f, and stops reading", () =>
    underSeeds(function* () {
      const { from, taken } = numbers(10)
      const out = map(from, function* (n) {
        yield* sleep(1)
        if (n === 2) throw failure(new Error("two"))
        return n
      })
      expect([yield* out.receive(), yield* out.receive()]).toEqual([0, 1])
      const draining = go(out.drain())
      let error: unknown
      try {
        yield* draining
      } catch (thrown) {
        error = thrown
      }
      expect(error).toEqual(new Error("two"))
      yield* waitIdle()
      expect(taken()).toBe(3)
    }))

  it("refuses what is no function at the call", () => {
    expect(() => map(chan(), 5 as never)).toThrow(new InvalidBody("map", 5, "pass a function"))
  })
})
