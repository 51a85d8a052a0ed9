/** 100,000 tasks that do nothing, all at once; a batch is all of them. */
import { maskedSum, type TimeQuestion } from "../question.ts"
import { threads } from "../pools/pool.ts"
import { inPools, type Lot, noThreads, spawning } from "../tasks-question.ts"
import { tasks } from "../threads/tasks.ts"

const size = 100_000
const lot: Lot = { work: "noop", size, argument: (i) => i }

export const question: TimeQuestion = {
  name: "task-flood",
  title: "Tasks that do nothing, 100,000 at once",
  measures: "time",
  table: "threads",
  operation: "task",
  operations: size,
  threads,
  target: { advantage: { piscina: 10 } },
  missing: noThreads,
  remarks: {
    piscina: "with its FixedQueue and recordTiming off, as its README says is faster",
    poolifier: "round robin and no queue, as its guidelines say is faster for light tasks",
    comlink: "has no pool: calls in turn to a thread for each core",
  },
  checksum: (batches) => batches * maskedSum(size),
  weft: spawning(tasks.noop, lot),
  // Not tinypool and workerpool: what their queues cost goes with the square of their length, which takes half a minute. Not multithreading: it
  // keeps 65,536 tasks, and loses the others. task-thousand has them.
  rivals: inPools(lot, "piscina", "piscina-async", "poolifier", "comlink"),
}
