import { context, run } from "@weft/core"
import { Pool, spawn } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { thrownBy } from "./support/thrown-by.ts"
import { isOver, keeping, leaving, throwingKept } from "./tasks/carried.ts"

describe("a context that is over, and a signal that has aborted", () => {
  it("are so from the task's first step", () =>
    run(function* () {
      for (let i = 0; i < 20; i++) {
        const [ctx, cancel] = context.withCancel(context.background)
        cancel("enough")
        expect(yield* spawn(isOver, ctx, AbortSignal.abort("stop"))).toEqual(["enough", true, "stop"])
      }
    }))

  it("are so too where they end while the task waits in the queue", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const [ctx, cancel] = context.withCancel(context.background)
      const controller = new AbortController()
      const all = Array.from({ length: 20 }, () => pool.spawn(isOver, ctx, controller.signal))
      cancel("enough")
      controller.abort("stop")
      for (const each of all) expect(yield* each).toEqual(["enough", true, "stop"])
      void pool.terminate()
    }))
})

describe("a task that leaves by goexit", () => {
  it("is told of by the goroutine that spawn has given", () =>
    run(function* () {
      const goroutine = spawn(leaving)
      expect(yield* thrownBy(goroutine)).toMatchObject({ name: "GoroutineInterrupted", id: goroutine.id })
    }))
})

describe("a task that runs in the thread that spawned it", () => {
  it("gives copies of what its module keeps, as others do", () =>
    run(function* () {
      // Threads that have not started: the first to have nothing to do is this one.
      const pool = new Pool({ threads: 1 })
      const all = Array.from({ length: 10 }, () => pool.spawnWith({ inline: true }, keeping))
      const results: Array<{ times: number }> = []
      for (const each of all) results.push(yield* each)
      expect(new Set(results).size).toBe(10)
      // Each as it was when its task returned: there and here they are counted apart.
      for (const { times } of results) expect(times).toBeLessThanOrEqual(10)
      expect(results.filter(({ times }) => times === 10).length).toBeLessThanOrEqual(1)
      const errors: Array<unknown> = []
      const failing = Array.from({ length: 10 }, () => pool.spawnWith({ inline: true }, throwingKept))
      for (const each of failing) errors.push(((yield* thrownBy(each)) as { kept: unknown }).kept)
      expect(new Set(errors).size).toBe(10)
      void pool.terminate()
    }))
})
