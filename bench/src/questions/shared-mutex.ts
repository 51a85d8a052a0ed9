/** One goroutine locks and unlocks a mutex in shared memory that nobody else wants; a batch is one pair. */
import { run } from "@weft/core"
import { SharedMutex } from "@weft/sync"
import { Mutex } from "multithreading"
import type { TimeQuestion } from "../question.ts"

const noThreads = "shares no lock between threads"

export const question: TimeQuestion = {
  name: "shared-mutex",
  title: "Mutex in shared memory, uncontended",
  measures: "time",
  operation: "lock and unlock",
  operations: 1,
  hot: true,
  target: { toGo: 2, advantage: { multithreading: 5 } },
  missing: { promises: noThreads, effect: noThreads, "thi.ng": noThreads, "js-csp": noThreads },
  checksum: (batches) => batches,
  weft: (batches) =>
    run(function* () {
      const mutex = new SharedMutex()
      let pairs = 0
      for (let i = 0; i < batches; i++) {
        yield* mutex.lock()
        pairs++
        mutex.unlock()
      }
      return mutex.locked ? 0 : pairs
    }),
  weftReused: (batches) =>
    run(function* () {
      const mutex = new SharedMutex()
      const lock = mutex.lock()
      let pairs = 0
      for (let i = 0; i < batches; i++) {
        yield* lock
        pairs++
        mutex.unlock()
      }
      return mutex.locked ? 0 : pairs
    }),
  rivals: {
    multithreading: async (batches) => {
      const mutex = new Mutex()
      let pairs = 0
      for (let i = 0; i < batches; i++) {
        const guard = await mutex.lock()
        pairs++
        guard.dispose()
      }
      return pairs
    },
  },
}
