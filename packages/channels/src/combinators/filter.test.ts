import { InvalidBody, sleep } from "@weft/core"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"
import { numbers, underSeeds } from "../../test/support/numbers.ts"
import { chan } from "../chan.ts"
import { filter } from "./filter.ts"

describe("filter", () => {
  it("passes what f answers true for, in order", () =>
    underSeeds(function* () {
      expect(yield* filter(numbers(10).from, (n) => n % 2 === 0).drain()).toEqual([0, 2, 4, 6, 8])
    }))

  it("waits for a generator function", () =>
    underSeeds(function* () {
      const odd = filter(numbers(6).from, function* (n) {
        yield* sleep(6 - n)
        return n % 2 === 1
      })
      expect(yield* odd.drain()).toEqual([1, 3, 5])
    }))

  it("holds its input back at the first value that passed", () =>
    runVirtual(function* () {
      const { from, taken } = numbers(10)
      const out = filter(from, (n) => n >= 3)
      yield* waitIdle()
      expect(taken()).toBe(4)
      expect(yield* out.receive()).toBe(3)
      yield* waitIdle()
      expect(taken()).toBe(5)
    }))

  it("refuses what is no function at the call", () => {
    expect(() => filter(chan(), 5 as never)).toThrow(new InvalidBody("filter", 5, "pass a function"))
  })
})
