/** Tasks that wait in a pool whose one thread is busy. */
import { gosched, run, sleep } from "@weft/core"
import { Pool } from "@weft/workers"
import type { TaskPool } from "../pools/pool.ts"
import type { MemoryQuestion } from "../question.ts"
import { noThreads } from "../tasks-question.ts"
import { tasks } from "../threads/tasks.ts"

/** The busy thread's task: longer than it takes to spawn the others. */
const columns = 60_000_000

export const question: MemoryQuestion = {
  name: "held-tasks",
  title: "Memory of a task that waits for a thread",
  measures: "memory",
  table: "threads",
  inProcess: true,
  operation: "task",
  count: 1_000_000,
  quickCount: 100_000,
  target: { bytes: 800, advantage: { piscina: 1 } },
  notInGo: "has no tasks that wait for threads, only goroutines (see parked)",
  missing: noThreads,
  async weft(count, allParked) {
    const pool = new Pool({ threads: 1 })
    await run(function* () {
      yield* pool.spawn(tasks.noop, 1)
      pool.spawn(tasks.mandelbrotColumns, columns)
      // It may be put off, and would come after the others, if they were spawned in its time slice.
      while (pool.stats.running === 0) yield* sleep("1 milli")
      for (let i = 0; i < count; i++) pool.spawn(tasks.noop, i)
      while (pool.stats.queued < count) yield* gosched()
      allParked()
    })
  },
  rivals: {
    piscina: async (count, allParked) => {
      const { startPiscina } = await import("../pools/piscina.ts")
      await hold(startPiscina("sync", 1), count, allParked)
    },
    tinypool: async (count, allParked) => {
      const { startTinypool } = await import("../pools/tinypool.ts")
      await hold(startTinypool(1), count, allParked)
    },
    workerpool: async (count, allParked) => {
      const { startWorkerpool } = await import("../pools/workerpool.ts")
      await hold(startWorkerpool(1), count, allParked)
    },
    poolifier: async (count, allParked) => {
      const { startPoolifier } = await import("../pools/poolifier.ts")
      await hold(startPoolifier(1), count, allParked)
    },
  },
}

async function hold(pool: TaskPool, count: number, allParked: () => void): Promise<void> {
  await pool.run("noop", 1)
  void pool.run("mandelbrotColumns", columns)
  for (let i = 0; i < count; i++) void pool.run("noop", i)
  allParked()
  return Promise.resolve()
}
