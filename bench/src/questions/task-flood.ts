/** 100,000 tasks that do nothing, all at once; a batch is all of them. */
import { maskedSum, type TimeQuestion } from "../question.ts"
import { threads } from "../pools/pool.ts"
import { inPools, type Lot, noThreads, spawning } from "../tasks-question.ts"
import { tasks } from "../threads/tasks.ts"

const size = 100_000
const lot: Lot = { work: "noop", size, argument: (i) => i }

const squared =
  "what its queue costs goes with the square of its length, which takes half a minute here; see 1,000 at once"

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
    tinypool: `not asked, as ${squared}`,
    workerpool: `not asked, as ${squared}`,
    multithreading: "not asked, as it keeps 65,536 tasks, and loses the others; see 1,000 at once",
  },
  checksum: (batches) => batches * maskedSum(size),
  weft: spawning(tasks.noop, lot),
  rivals: inPools(lot, "piscina", "piscina-async", "poolifier", "comlink"),
}
