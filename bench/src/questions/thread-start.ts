/** A thread is started and has done its first task; a batch is one. Ending it is no part of that. */
import { Worker } from "node:worker_threads"
import { run } from "@weft/core"
import { Pool } from "@weft/workers"
import type { TaskPool } from "../pools/pool.ts"
import type { TimeQuestion } from "../question.ts"
import { noThreads } from "../tasks-question.ts"
import { first } from "../threads/first-task.js"

const toEnd: Array<() => Promise<unknown>> = []

export const question: TimeQuestion = {
  name: "thread-start",
  title: "Start of a thread, to the end of its first task",
  measures: "time",
  table: "threads",
  asPublished: true,
  operation: "thread",
  operations: 1,
  target: { advantage: { bare: 1 / 1.3 } },
  notInGo: "starts its threads itself",
  missing: noThreads,
  remarks: {
    bare: "a Worker of one line, to its first message",
  },
  async tidy() {
    await Promise.all(toEnd.splice(0).map((end) => end()))
  },
  checksum: (batches) => batches,
  async weft(batches) {
    let sum = 0
    for (let i = 0; i < batches; i++) {
      const pool = new Pool({ threads: 1 })
      toEnd.push(() => pool.terminate())
      sum += await run(function* () {
        return yield* pool.spawn(first, 1)
      })
    }
    return sum
  },
  rivals: {
    async bare(batches) {
      let sum = 0
      for (let i = 0; i < batches; i++) {
        const worker = new Worker('require("node:worker_threads").parentPort.postMessage(1)', { eval: true })
        toEnd.push(() => worker.terminate())
        sum += await new Promise<number>((resolve) => worker.once("message", resolve))
      }
      return sum
    },
    piscina: async (batches) => {
      const { startPiscina } = await import("../pools/piscina.ts")
      return firstTasks(() => startPiscina("sync", 1), batches)
    },
    tinypool: async (batches) => {
      const { startTinypool } = await import("../pools/tinypool.ts")
      return firstTasks(() => startTinypool(1), batches)
    },
    workerpool: async (batches) => {
      const { startWorkerpool } = await import("../pools/workerpool.ts")
      return firstTasks(() => startWorkerpool(1), batches)
    },
    poolifier: async (batches) => {
      const { startPoolifier } = await import("../pools/poolifier.ts")
      return firstTasks(() => startPoolifier(1), batches)
    },
  },
}

async function firstTasks(start: () => TaskPool, batches: number): Promise<number> {
  let sum = 0
  for (let i = 0; i < batches; i++) {
    const pool = start()
    toEnd.push(() => pool.end())
    sum += await pool.run("noop", 1)
  }
  return sum
}
