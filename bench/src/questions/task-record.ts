/** Tasks that are given a record of about 1 kB, 100 at once; a batch is all of them. */
import type { TimeQuestion } from "../question.ts"
import { threads } from "../pools/pool.ts"
import { inPools, type Lot, noThreads, spawning } from "../tasks-question.ts"
import { tasks } from "../threads/tasks.ts"
import { parcel } from "../threads/work.ts"

const size = 100
const lot: Lot = { work: "weigh", size, argument: () => parcel }

export const question: TimeQuestion = {
  name: "task-record",
  title: "Tasks given a record of 1 kB, 100 at once",
  measures: "time",
  table: "threads",
  operation: "task",
  operations: size,
  threads,
  target: {
    advantage: {
      piscina: 1,
      "piscina-async": 1,
      tinypool: 1,
      workerpool: 1,
      poolifier: 1,
      comlink: 1,
      multithreading: 1,
    },
  },
  notInGo: "a record goes by its address",
  missing: noThreads,
  checksum: (batches) => batches * size * parcel.lines.length,
  weft: spawning(tasks.weigh, lot),
  rivals: inPools(lot, "piscina", "piscina-async", "tinypool", "workerpool", "poolifier", "comlink", "multithreading"),
}
