import { currentProcessor, go, InvalidDuration, sleep } from "@weft/core"
import type * as Duration from "effect/Duration"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"
import { numbers, underSeeds, upTo } from "../../test/support/numbers.ts"
import { chan } from "../chan.ts"
import { throttle } from "./throttle.ts"

describe("throttle", () => {
  it("lets one value pass per d, the first at once, and drops none", () =>
    underSeeds(function* () {
      const start = currentProcessor().clock.now()
      const at: Array<number> = []
      const got: Array<number> = []
      yield* throttle(numbers(5).from, 10).forEach((n) => {
        got.push(n)
        at.push(currentProcessor().clock.now() - start)
      })
      expect(got).toEqual(upTo(5))
      expect(at).toEqual([0, 10, 20, 30, 40])
    }))

  it("counts d from the moment at which the last value was received", () =>
    runVirtual(function* () {
      const out = throttle(numbers(3).from, 10)
      yield* sleep(100)
      expect(yield* out.receive()).toBe(0)
      expect(out.tryReceive()).toBeUndefined()
      yield* sleep(9)
      expect(out.tryReceive()).toBeUndefined()
      yield* sleep(2)
      expect(out.tryReceive()).toEqual({ ok: true, value: 1 })
    }))

  it("ends without waiting for d", () =>
    runVirtual(function* () {
      const late = go(sleep("1 minute"))
      expect(yield* throttle(numbers(1).from, "1 hour").drain()).toEqual([0])
      expect(late.status).toBe("waiting")
    }))

  it("has one value in hand", () =>
    runVirtual(function* () {
      const { from, taken } = numbers(5)
      const out = throttle(from, 10)
      yield* out.receive()
      yield* waitIdle()
      expect(taken()).toBe(2)
    }))

  it.each([Number.NaN, "5 bananas"])("refuses %o as a duration at the call", (d) => {
    expect(() => throttle(chan(), d as Duration.Input)).toThrow(InvalidDuration)
  })
})
