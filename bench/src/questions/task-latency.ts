/** A task that does nothing, and its result, one after the other; a batch is one of them. */
import { maskedSum, type TimeQuestion } from "../question.ts"
import { run } from "@weft/core"
import { spawn } from "@weft/workers"
import { threads } from "../pools/pool.ts"
import { bareThreads, type PoolName, poolOf } from "../pools/started.ts"
import { noThreads } from "../tasks-question.ts"
import { tasks } from "../threads/tasks.ts"

export const question: TimeQuestion = {
  name: "task-latency",
  title: "A task that does nothing, one at a time",
  measures: "time",
  table: "threads",
  operation: "task",
  operations: 1,
  threads,
  target: { advantage: { piscina: 2 } },
  missing: noThreads,
  remarks: { bare: "postMessage to a thread and back" },
  checksum: maskedSum,
  weft: (batches) =>
    run(function* () {
      let sum = 0
      for (let i = 0; i < batches; i++) sum += yield* spawn(tasks.noop, i)
      return sum
    }),
  rivals: {
    bare: async (batches) => {
      const bare = await bareThreads()
      let sum = 0
      for (let i = 0; i < batches; i++) sum += await bare.order(0, { name: "noop", all: [i] })
      return sum
    },
    ...Object.fromEntries(
      (["piscina", "piscina-async", "tinypool", "workerpool", "poolifier", "comlink", "multithreading"] as const).map(
        (name) => [name, (batches: number) => oneByOne(name, batches)],
      ),
    ),
  },
}

async function oneByOne(name: PoolName, batches: number): Promise<number> {
  const pool = await poolOf(name)
  let sum = 0
  for (let i = 0; i < batches; i++) sum += await pool.run("noop", i)
  return sum
}
