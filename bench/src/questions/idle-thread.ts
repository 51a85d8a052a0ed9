/** Threads that have done a task and have nothing more to do. */
import { Worker } from "node:worker_threads"
import { setTimeout } from "node:timers/promises"
import { run } from "@weft/core"
import { Pool } from "@weft/workers"
import type { TaskPool } from "../pools/pool.ts"
import type { MemoryQuestion } from "../question.ts"
import { noThreads } from "../tasks-question.ts"
import { first } from "../threads/first-task.js"

const settleMillis = 500

export const question: MemoryQuestion = {
  name: "idle-thread",
  title: "Memory of an idle thread",
  measures: "memory",
  table: "threads",
  asPublished: true,
  inProcess: true,
  operation: "thread",
  count: 8,
  quickCount: 4,
  target: { advantage: { bare: 1 / 1.2 } },
  notInGo: "starts its threads itself",
  missing: noThreads,
  async weft(count, allParked) {
    const pool = new Pool({ threads: count })
    await run(function* () {
      const all = Array.from({ length: count }, () => pool.spawn(first, 1))
      for (const goroutine of all) yield* goroutine
    })
    await setTimeout(settleMillis)
    if (pool.stats.threads === count) allParked()
  },
  rivals: {
    async bare(count, allParked) {
      const source = `
        const { parentPort } = require("node:worker_threads")
        parentPort.on("message", (n) => parentPort.postMessage(n))
      `
      const all = Array.from({ length: count }, async () => {
        const worker = new Worker(source, { eval: true })
        worker.postMessage(1)
        await new Promise((resolve) => worker.once("message", resolve))
      })
      await Promise.all(all)
      await setTimeout(settleMillis)
      allParked()
    },
    piscina: async (count, allParked) => {
      const { startPiscina } = await import("../pools/piscina.ts")
      await idle(startPiscina("sync", count), count, allParked)
    },
    tinypool: async (count, allParked) => {
      const { startTinypool } = await import("../pools/tinypool.ts")
      await idle(startTinypool(count), count, allParked)
    },
    workerpool: async (count, allParked) => {
      const { startWorkerpool } = await import("../pools/workerpool.ts")
      await idle(startWorkerpool(count), count, allParked)
    },
    poolifier: async (count, allParked) => {
      const { startPoolifier } = await import("../pools/poolifier.ts")
      await idle(startPoolifier(count), count, allParked)
    },
  },
}

async function idle(pool: TaskPool, count: number, allParked: () => void): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => pool.run("noop", 1)))
  await setTimeout(settleMillis)
  allParked()
}
