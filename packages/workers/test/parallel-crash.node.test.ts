/** A thread that ends in a piece of a parallel loop: what holds of a task that was spawned holds there. */
import { go, type Op, run } from "@weft/core"
import { parallel, Pool } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { thrownBy } from "./support/thrown-by.ts"
import { itemExits, itemRunsTwice, stepRunsTwice } from "./tasks/dying-loops.node.ts"

const sum = (a: number, b: number) => a + b

describe("a thread that ends in a parallel loop", () => {
  it.each<[string, (items: Array<Int32Array>, options: { pool: Pool }) => Op<unknown, unknown>]>([
    ["map", (items, options) => parallel.map(items, itemRunsTwice, options)],
    ["filter", (items, options) => parallel.filter(items, itemRunsTwice, options)],
    ["forEach", (items, options) => parallel.forEach(items, itemRunsTwice, options)],
    ["reduce", (items, options) => parallel.reduce(items, stepRunsTwice, 0, sum, options)],
  ])("has a piece run again if its task may run twice: %s", (_kind, loop) =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const runs = new Int32Array(new SharedArrayBuffer(4))
      yield* loop([runs], { pool })
      expect(runs[0]).toBe(2)
      expect(pool.stats).toMatchObject({ crashes: 1, retried: 1, failed: 0 })
      void pool.terminate()
    }),
  )

  it("fails the loop with the name of its task, if that may not", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const mapping = go(function* () {
        yield* parallel.map([1], itemExits, { pool })
      })
      expect(yield* thrownBy(mapping)).toMatchObject({ name: "WorkerCrashed", fields: { task: "itemExits" } })
      void pool.terminate()
    }))
})
