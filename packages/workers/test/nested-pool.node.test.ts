import { run } from "@weft/core"
import { Pool } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { outer, outerRefused } from "./support/nested-tasks.ts"

describe("a task that a task spawns", () => {
  it("runs in the pool of the one that spawned it", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      expect(yield* pool.spawn(outer, 1)).toBe(2)
      expect(pool.stats.completed).toBe(2)
      void pool[Symbol.asyncDispose]()
    }))

  it("is waited for by the pool's drain", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const goroutine = pool.spawn(outer, 1)
      pool.spawn(outer, 2)
      yield* pool.drain()
      expect(pool.stats).toMatchObject({ completed: 4, running: 0, queued: 0 })
      expect(yield* goroutine).toBe(2)
      void pool[Symbol.asyncDispose]()
    }))

  it("panics where it was spawned if its pool has no room", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, maxQueue: 1 })
      const goroutines = [pool.spawn(outerRefused)]
      yield* pool.admit(outerRefused)
      yield* pool.admit(outerRefused)
      for (const goroutine of goroutines) expect(["done", "TooBusy"]).toContain(yield* goroutine)
      yield* pool.drain()
      void pool[Symbol.asyncDispose]()
    }))
})
