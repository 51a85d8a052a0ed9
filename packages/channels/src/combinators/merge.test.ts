import { go } from "@weft/core"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"
import { ascending, numbers, underSeeds, upTo } from "../../test/support/numbers.ts"
import { chan } from "../chan.ts"
import { map } from "./map.ts"
import { merge } from "./merge.ts"

describe("merge", () => {
  it("gives every value of each once, in its order, under any schedule", () =>
    underSeeds(function* () {
      const tens = map(numbers(10).from, (n) => n + 10)
      const got = yield* merge(numbers(10).from, tens, numbers(0).from).drain()
      expect(ascending(got)).toEqual(upTo(20))
      expect(got.filter((n) => n < 10)).toEqual(upTo(10))
    }))

  it("ends when all have ended: at once if there are none", () =>
    runVirtual(function* () {
      expect(yield* merge<number>().drain()).toEqual([])
      const open = chan<number>()
      const merged = merge(numbers(1).from, open)
      expect(yield* merged.receive()).toBe(0)
      yield* waitIdle()
      expect(merged.closed).toBe(false)
      open.close()
      expect((yield* merged.next()).ok).toBe(false)
    }))

  it("has one value in hand for all of them", () =>
    runVirtual(function* () {
      const sources = [numbers(5), numbers(5), numbers(5)]
      const merged = merge(...sources.map(({ from }) => from))
      yield* waitIdle()
      expect(sources.reduce((n, { taken }) => n + taken(), 0)).toBe(1)
      yield* merged.receive()
      yield* waitIdle()
      expect(sources.reduce((n, { taken }) => n + taken(), 0)).toBe(2)
    }))

  it("starves nobody", () =>
    underSeeds(function* () {
      const [left, right] = [chan<string>(), chan<string>()]
      for (const [ch, name] of [
        [left, "l"],
        [right, "r"],
      ] as const)
        go(function* () {
          for (;;) yield* ch.send(name)
        })
      using merged = merge(left, right)
      let rights = 0
      for (let i = 0; i < 60; i++) if ((yield* merged.receive()) === "r") rights++
      expect(rights).toBeGreaterThan(5)
      expect(rights).toBeLessThan(55)
    }))
})
