/** Two threads lock a mutex, add one to a plain word in shared memory, and unlock; a batch is once for each. */
import type { TimeQuestion } from "../question.ts"
import { startLockers } from "../shared-lockers.ts"

const threads = 2
const noThreads = "shares no lock between threads"

export const question: TimeQuestion = {
  name: "shared-mutex-pair",
  title: "Mutex in shared memory, two threads",
  measures: "time",
  operation: "lock and unlock",
  operations: threads,
  threads,
  target: { toGo: 2, advantage: { multithreading: 5 } },
  missing: { promises: noThreads, effect: noThreads, "thi.ng": noThreads, "js-csp": noThreads },
  prepare: startLockers,
  checksum: (batches) => threads * batches,
  weft: async (batches) => (await startLockers())({ by: "weft", times: batches }),
  rivals: {
    multithreading: async (batches) => (await startLockers())({ by: "multithreading", times: batches }),
  },
}
