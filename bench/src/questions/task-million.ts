/** A million tasks that do nothing, all at once; a batch is all of them. Beside it as many in smaller lots: what grows with what waits shows. */
import { maskedSum, type Program, type TimeQuestion } from "../question.ts"
import { threads } from "../pools/pool.ts"
import { noThreads, spawning } from "../tasks-question.ts"
import { tasks } from "../threads/tasks.ts"

const size = 1_000_000

/** As many in lots of `lot`. */
const inLots = (lot: number): Program => {
  const spawned = spawning(tasks.noop, { work: "noop", size: lot, argument: (i) => i })
  return async (batches) => {
    let sum = 0
    for (let batch = 0; batch < batches; batch++) sum += await spawned(size / lot)
    // Each lot's numbers begin at 0.
    return sum - batches * ((size / lot) * maskedSum(lot) - maskedSum(size))
  }
}

export const question: TimeQuestion = {
  name: "task-million",
  title: "Tasks that do nothing, a million at once",
  measures: "time",
  table: "threads",
  operation: "task",
  operations: size,
  threads,
  target: { advantage: { "by-1000": 0.67, "by-10000": 0.67, "by-100000": 0.67 } },
  notInGo: "see task-flood",
  missing: noThreads,
  checksum: (batches) => batches * maskedSum(size),
  weft: inLots(size),
  rivals: { "by-1000": inLots(1000), "by-10000": inLots(10_000), "by-100000": inLots(100_000) },
}
