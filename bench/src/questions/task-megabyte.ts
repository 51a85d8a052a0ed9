/** Tasks that are given a copy of a megabyte, four at once; a batch is all of them. */
import type { TimeQuestion } from "../question.ts"
import { threads } from "../pools/pool.ts"
import { inPools, type Lot, noThreads, spawning } from "../tasks-question.ts"
import { tasks } from "../threads/tasks.ts"
import { megabyte } from "../threads/work.ts"

const size = 4
const bytes = new Uint8Array(megabyte)
const lot: Lot = { work: "sizeOf", size, argument: () => bytes }

export const question: TimeQuestion = {
  name: "task-megabyte",
  title: "Tasks given a copy of 1 MB, 4 at once",
  measures: "time",
  table: "threads",
  operation: "task",
  operations: size,
  threads,
  target: {
    advantage: { piscina: 1, "piscina-async": 1, tinypool: 1, workerpool: 1, poolifier: 1, comlink: 1 },
  },
  notInGo: "bytes go by their address",
  missing: noThreads,
  remarks: { multithreading: "not asked, as it gives bytes away, and copies none; see 1 MB without a copy" },
  checksum: (batches) => batches * size * megabyte,
  weft: spawning(tasks.sizeOf, lot),
  rivals: inPools(lot, "piscina", "piscina-async", "tinypool", "workerpool", "poolifier", "comlink"),
}
