import { describe, expect, it } from "vitest"
import { currentProcessor } from "../processor.ts"
import { go } from "../go.ts"
import { gosched } from "../gosched.ts"
import { InvalidOption } from "../invalid-option.ts"
import { run } from "../run-main.ts"
import { sleep } from "../sleep.ts"
import { seeded } from "./seeded.ts"
import { virtualTime } from "./virtual-clock.ts"

/** The order in which four goroutines of two steps take them. */
const orderOf = (seed: number): Promise<string> =>
  run(
    function* () {
      const order: Array<number> = []
      const all = [0, 1, 2, 3].map((n) =>
        go(function* () {
          order.push(n)
          yield* gosched()
          order.push(n)
        }),
      )
      for (const goroutine of all) yield* goroutine
      return order.join("")
    },
    { plugins: [seeded(seed), virtualTime()] },
  )

describe("seeded", () => {
  it("gives the same order for the same seed, and hardly ever for another", async () => {
    const seeds = Array.from({ length: 50 }, (_, seed) => seed)
    const [first, second] = [await Promise.all(seeds.map(orderOf)), await Promise.all(seeds.map(orderOf))]
    expect(second).toEqual(first)
    expect(new Set(first).size).toBeGreaterThan(40)
  })

  it("lets each of them be first, and each be last", async () => {
    const orders = await Promise.all(Array.from({ length: 100 }, (_, seed) => orderOf(seed)))
    expect(new Set(orders.map((order) => order[0]))).toEqual(new Set(["0", "1", "2", "3"]))
    expect(new Set(orders.map((order) => order.at(-1)))).toEqual(new Set(["0", "1", "2", "3"]))
  })

  it("loses nobody: each runs as often as it can", async () => {
    for (let seed = 0; seed < 100; seed++) expect((await orderOf(seed)).split("").sort().join("")).toBe("00112233")
  })

  it("chooses among n things with equal chance", async () => {
    const counts = [0, 0, 0]
    await run(
      function* () {
        for (let i = 0; i < 3000; i++) counts[currentProcessor().scheduler.choose(3)]!++
      },
      { plugins: [seeded(7)] },
    )
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })

  it("wakes those that are due at one moment in any order, but never one before its time", async () => {
    const orders = new Set<string>()
    for (let seed = 0; seed < 40; seed++) {
      await run(
        function* () {
          const order: Array<string> = []
          const all = [
            ["late", 2],
            ["a", 1],
            ["b", 1],
          ].map(([name, millis]) =>
            go(function* () {
              yield* sleep(millis as number)
              order.push(name as string)
            }),
          )
          for (const goroutine of all) yield* goroutine
          orders.add(order.join())
        },
        { plugins: [seeded(seed), virtualTime()] },
      )
    }
    expect(orders).toEqual(new Set(["a,b,late", "b,a,late"]))
  })

  it.each([Number.NaN, 0.5, "x", 1n])("refuses %o as a seed at the call", (seed) => {
    expect(() => seeded(seed as number)).toThrow(new InvalidOption("seeded", "seed", seed, "a whole number"))
  })
})
