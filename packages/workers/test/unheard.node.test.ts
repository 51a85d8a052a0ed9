/** What ends a thread when no task of it is there to be told. */
import { chan } from "@weft/channels"
import { run, sleep } from "@weft/core"
import { Pool } from "@weft/workers"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { square } from "./tasks/basic.ts"
import { leavesThrower, throwsOutside } from "./tasks/dying.node.ts"
import { thrownBy } from "./support/thrown-by.ts"

describe("an error that ends a thread", () => {
  const warnings: Array<string> = []
  beforeEach(() => {
    warnings.length = 0
    vi.spyOn(console, "warn").mockImplementation((text: string) => void warnings.push(text))
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it.each(["goroutine", "timer", "text"] as const)(
    "and that a task has left behind is reported once, with its thread and pool: a %s",
    (how) =>
      run(function* () {
        const pool = new Pool({ threads: 1, name: "mine" })
        const late = chan<void>()
        yield* pool.spawn(leavesThrower, how, late)
        yield* late.send()
        while (pool.stats.crashes === 0) yield* sleep(1)
        expect(warnings).toHaveLength(1)
        expect(warnings[0]).toMatch(/^weft: thread 1 of pool "mine" ended/)
        expect(warnings[0]).toContain("nobody hears this")
        if (how !== "text") expect(warnings[0]).toContain("dying.node.ts")
        expect(yield* pool.spawn(square, 3)).toBe(9)
        void pool.terminate()
      }),
  )

  it("is told to its tasks alone, where there are some", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      expect(yield* thrownBy(pool.spawn(throwsOutside, "outside"))).toMatchObject({ name: "WorkerCrashed" })
      expect(warnings).toEqual([])
      void pool.terminate()
    }))
})
