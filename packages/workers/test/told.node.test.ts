/** What the errors of tasks tell. */
import { gosched, run, sleep } from "@weft/core"
import { Pool, spawn, task, type WorkerCrashed } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { square, throwing } from "./tasks/basic.ts"
import { exits } from "./tasks/dying.node.ts"
import { diesAlways, waitsForEver } from "./support/told-tasks.ts"
import { thrownBy } from "./support/thrown-by.ts"

const here = /\n {2}spawned at .*told\.node\.test\.ts:\d+:\d+\)?$/

describe("the error of a task", () => {
  it("says where the task was spawned", () =>
    run(
      function* () {
        const pool = new Pool({ threads: 1 })
        const missing = task(new URL("./tasks/nowhere.ts", import.meta.url).href, "missing", function* () {})
        expect(((yield* thrownBy(spawn(throwing, "no way"))) as Error).stack).toMatch(here)
        expect(((yield* thrownBy(spawn(missing))) as Error).stack).toMatch(here)
        expect(((yield* thrownBy(pool.spawn(exits, 3))) as Error).stack).toMatch(here)
        void pool.terminate()
      },
      { debug: true },
    ))

  it("advises idempotence where that helps, and says which attempt an idempotent one was", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, restart: { times: 1, within: "1 minute" } })
      const other = new Pool({ threads: 1 })
      expect(((yield* thrownBy(other.spawn(exits, 3))) as WorkerCrashed).message).toMatch(
        /\(exit code 3\); a task that may run twice can be marked \{ idempotent: true \}$/,
      )
      expect(((yield* thrownBy(pool.spawn(diesAlways))) as WorkerCrashed).message).toMatch(/; it was attempt 2$/)
      const waiting = other.spawn(waitsForEver)
      while (other.stats.running === 0) yield* sleep(1)
      void other.terminate("bye")
      expect(((yield* thrownBy(waiting)) as WorkerCrashed).message).toMatch(/\(bye\)$/)
    }))
})

it("a thread that still starts is not idle", () =>
  run(function* () {
    const pool = new Pool({ threads: 1 })
    const goroutine = pool.spawn(square, 2)
    while (pool.stats.threads === 0) yield* gosched()
    expect(pool.stats).toMatchObject({ threads: 1, idle: 0 })
    expect(yield* goroutine).toBe(4)
    expect(pool.stats).toMatchObject({ threads: 1, idle: 1 })
    void pool.terminate()
  }))
