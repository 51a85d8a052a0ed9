import { go, joinAll } from "@weft/core"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"
import { ascending, numbers, underSeeds, upTo } from "../../test/support/numbers.ts"
import { fanOut } from "./fan-out.ts"
import { map } from "./map.ts"

describe("fanOut", () => {
  it("gives each value to exactly one, in order, under any schedule", () =>
    underSeeds(function* () {
      const outs = fanOut(numbers(30).from, 3)
      const got = yield* joinAll(outs.map((out) => go(out.drain())))
      expect(ascending(got.flat())).toEqual(upTo(30))
      for (const values of got) expect(values).toEqual(ascending(values))
    }))

  it("gives it to whoever is ready, and has one value in hand for all", () =>
    runVirtual(function* () {
      const { from, taken } = numbers(10)
      const [, second] = fanOut(from, 3)
      yield* waitIdle()
      expect(taken()).toBe(1)
      for (const n of [0, 1, 2]) expect(yield* second!.receive()).toBe(n)
      yield* waitIdle()
      expect(taken()).toBe(4)
    }))

  it("goes on with the others when one is stopped, also while a value is offered", () =>
    underSeeds(function* () {
      const outs = fanOut(numbers(10).from, 3)
      yield* waitIdle()
      outs[0]!.stop()
      expect((yield* outs[0]!.next()).ok).toBe(false)
      const got = yield* joinAll(outs.map((out) => go(out.drain())))
      expect(ascending(got.flat())).toEqual(upTo(10))
      expect(got[0]).toEqual([])
    }))

  it("stops its source once all are stopped", () =>
    underSeeds(function* () {
      const { from, taken } = numbers(10)
      const source = map(from, (n) => n)
      const outs = fanOut(source, 2)
      yield* waitIdle()
      for (const out of outs) out.stop()
      yield* waitIdle()
      expect([source.closed, taken()]).toEqual([true, 2])
      expect(outs.map((out) => out.goroutine.status)).toEqual(["done", "done"])
    }))

  it("refuses to deal to none", () =>
    runVirtual(function* () {
      for (const n of [0, -1, 1.5, NaN])
        expect(() => fanOut(numbers(1).from, n)).toThrow(`fanOut: n out of range (${n}); pass`)
      yield* waitIdle()
    }))
})
