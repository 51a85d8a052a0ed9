import { context, gosched, joinAll, run } from "@weft/core"
import { synctest } from "@weft/core/testing"
import { Pool, spawn } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { echo, spinMillis, square } from "./tasks/basic.ts"
import { thrownBy } from "./support/thrown-by.ts"
import { isOver, keeping, leaving, spawnsWithEnding, throwingKept, throwsOddName } from "./tasks/carried.ts"

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

describe("a context of a thread's that ends while the tasks spawned with it wait", () => {
  it("is over from their first step", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      for (let i = 0; i < 3; i++) expect(yield* pool.spawn(spawnsWithEnding)).toEqual(Array(6).fill(true))
      void pool.terminate()
    }))
})

describe("a pool whose thread has used up tasks without a result", () => {
  it("goes on after those that could not be sent", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const refused = Array.from({ length: 8 }, () => pool.spawn(echo, new Proxy({}, {})))
      const good = Array.from({ length: 8 }, (_, i) => pool.spawn(square, i))
      for (const each of refused) expect(yield* thrownBy(each)).toMatchObject({ name: "NotCloneable" })
      expect(yield* joinAll(good)).toEqual([0, 1, 4, 9, 16, 25, 36, 49])
      void pool.terminate()
    }))

  it("goes on after those that were interrupted before it came to them", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      yield* pool.spawn(square, 1)
      for (let round = 0; round < 100; round++) {
        const all = Array.from({ length: 300 }, (_, i) => pool.spawn(square, i))
        yield* gosched()
        yield* gosched()
        for (const each of all) each.interrupt()
        expect(yield* pool.spawn(square, 3)).toBe(9)
      }
      void pool.terminate()
    }))
})

describe("a goroutine that was admitted after it had to wait", () => {
  it("is of the run that waited, also of one with a clock of its own", () =>
    synctest(function* () {
      const pool = new Pool({ threads: 1, maxQueue: 0 })
      const first = yield* pool.admit(spinMillis, 20)
      const second = yield* pool.admit(square, 3)
      expect(second.run).toBe(first.run)
      expect(yield* second).toBe(9)
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
  it("fails with what it throws, whatever that calls itself", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const all = Array.from({ length: 10 }, () => pool.spawnWith({ inline: true }, throwsOddName))
      for (const each of all) expect(yield* thrownBy(each)).toMatchObject({ message: "odd", name: "Symbol(name)" })
      void pool.terminate()
    }))

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
