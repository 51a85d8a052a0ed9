/** 1,000 tasks that do nothing, all at once; a batch is all of them. */
import { maskedSum, type TimeQuestion } from "../question.ts"
import { threads } from "../pools/pool.ts"
import { inPools, type Lot, noThreads, spawning } from "../tasks-question.ts"
import { tasks } from "../threads/tasks.ts"

const size = 1000
const lot: Lot = { work: "noop", size, argument: (i) => i }

export const question: TimeQuestion = {
  name: "task-thousand",
  title: "Tasks that do nothing, 1,000 at once",
  measures: "time",
  table: "threads",
  operation: "task",
  operations: size,
  threads,
  target: { advantage: { piscina: 10 } },
  missing: noThreads,
  checksum: (batches) => batches * maskedSum(size),
  weft: spawning(tasks.noop, lot),
  rivals: inPools(lot, "piscina", "piscina-async", "tinypool", "workerpool", "poolifier", "comlink", "multithreading"),
}
