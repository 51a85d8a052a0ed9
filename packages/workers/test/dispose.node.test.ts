import { Op, run } from "@weft/core"
import { Pool, TooBusy } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { program } from "../../core/test/support/program.node.ts"
import { inner } from "./support/nested-tasks.ts"

describe("a pool that is disposed of", () => {
  it("keeps the process up until a thread that was still starting has ended", async () => {
    const { code, stderr, stdout } = await program(`
      import { gosched, run } from "@weft/core"
      import { Pool, task } from "@weft/workers"
      const never = task(import.meta.url, "never", function* () {})
      const pool = new Pool()
      await run(function* () {
        const goroutine = pool.spawn(never)
        yield* gosched()
        goroutine.interrupt()
      })
      await pool[Symbol.asyncDispose]()
      console.log("disposed of")
    `)
    expect({ code, stderr, stdout }).toEqual({ code: 0, stderr: "", stdout: "disposed of\n" })
  })

  it("does what was spawned before, though it has not come to the queue", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const goroutine = pool.spawn(inner, 1)
      const disposing = pool[Symbol.asyncDispose]()
      expect(yield* goroutine).toBe(2)
      yield* Op.fromPromise(() => disposing)
    }))

  it("does not wait for what was interrupted before its first step", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      pool.spawn(inner, 1).interrupt()
      yield* pool.drain()
      expect(pool.stats.completed).toBe(0)
    }))
})

describe("a bounded pool", () => {
  it("takes as many tasks as it has threads before it has started any, and refuses the next one", () =>
    run(function* () {
      const pool = new Pool({ threads: 2, maxQueue: 0 })
      const goroutines = [pool.spawn(inner, 1), pool.spawn(inner, 2)]
      expect(() => pool.spawn(inner, 3)).toThrow(TooBusy)
      const third = yield* pool.admit(inner, 3)
      expect([yield* goroutines[0]!, yield* goroutines[1]!, yield* third]).toEqual([2, 3, 4])
    }))
})
