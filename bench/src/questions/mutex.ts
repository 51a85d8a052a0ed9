/** One goroutine locks and unlocks a mutex that nobody else wants; a batch is one pair. */
import { run } from "@weft/core"
import { Mutex } from "@weft/sync"
import { Mutex as AsyncMutex } from "async-mutex"
import * as Effect from "effect/Effect"
import * as EffectSemaphore from "effect/Semaphore"
import csp, { type Instruction } from "js-csp"
import { PromiseLock } from "../promise-lock.ts"
import type { TimeQuestion } from "../question.ts"
import { runJsCsp } from "../run-js-csp.ts"

export const question: TimeQuestion = {
  name: "mutex",
  title: "Mutex, uncontended",
  measures: "time",
  operation: "lock and unlock",
  operations: 1,
  hot: true,
  target: { toGo: 3, advantage: { effect: 10 } },
  missing: { "thi.ng": "a write resolves only when it is read, so its channel is no lock" },
  remarks: {
    promises: "a chain of promises",
    effect: "a Semaphore of one permit: `take` and `release` made once; `withPermit` costs more",
    "js-csp": "a buffered channel of one",
  },
  checksum: (batches) => batches,
  weft: (batches) =>
    run(function* () {
      const mutex = new Mutex()
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
      const mutex = new Mutex()
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
    promises: async (batches) => {
      const lock = new PromiseLock()
      let pairs = 0
      for (let i = 0; i < batches; i++) {
        const release = await lock.acquire()
        pairs++
        release()
      }
      return pairs
    },
    "async-mutex": async (batches) => {
      const mutex = new AsyncMutex()
      let pairs = 0
      for (let i = 0; i < batches; i++) {
        const release = await mutex.acquire()
        pairs++
        release()
      }
      return mutex.isLocked() ? 0 : pairs
    },
    effect: (batches) =>
      Effect.runPromise(
        Effect.gen(function* () {
          const semaphore = yield* EffectSemaphore.make(1)
          const take = EffectSemaphore.take(semaphore, 1)
          const release = EffectSemaphore.release(semaphore, 1)
          let pairs = 0
          for (let i = 0; i < batches; i++) {
            yield* take
            pairs++
            yield* release
          }
          return pairs
        }),
      ),
    "js-csp": (batches) =>
      runJsCsp(function* (): Generator<Instruction, number, unknown> {
        const lock = csp.chan<number>(1)
        let pairs = 0
        for (let i = 0; i < batches; i++) {
          yield csp.put(lock, 1)
          pairs++
          yield csp.take(lock)
        }
        return pairs
      }),
  },
}
