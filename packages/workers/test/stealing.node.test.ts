import { type AttachPoint, joinAll, run, sleep } from "@weft/core"
import { AtomicInt32 } from "@weft/sync"
import { Pool } from "@weft/workers"
import { expect, it } from "vitest"
import { spinUntil, square } from "./tasks/basic.ts"

const points = (globalThis as { [key: symbol]: Set<AttachPoint> | undefined })[Symbol.for("@weft/core.attach")]!

it("an idle thread takes over what waits for one that is blocked, and a tracer is told", async () => {
  const told: Array<string> = []
  const stops = [...points].map((point) => point.trace({ log: (_, message) => void told.push(message) }))
  const pool = new Pool({ threads: 2 })
  const [first, second] = [new AtomicInt32(), new AtomicInt32()]
  await run(function* () {
    const blockers = [first, second].map((word) => pool.spawn(spinUntil, word, 2))
    while (first.load() + second.load() < 2) yield* sleep("1 millis")
    const tasks = Array.from({ length: 100 }, (_, i) => pool.spawn(square, i))
    second.store(2)
    // Though one thread stays blocked, and has some of them.
    expect(yield* joinAll(tasks)).toEqual(tasks.map((_, i) => i * i))
    expect(first.load()).toBe(1)
    first.store(2)
    yield* joinAll(blockers)
  })
  expect(pool.stats.stolen).toBeGreaterThan(0)
  expect(told).toContainEqual(expect.stringMatching(/^thread [12] steals \d+ of thread [12]$/))
  await pool.terminate()
  for (const stop of stops) stop()
})
