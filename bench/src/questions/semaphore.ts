/** One goroutine acquires and releases one of four permits that nobody else wants; a batch is one pair. */
import { run } from "@weft/core"
import { Semaphore } from "@weft/sync"
import * as Effect from "effect/Effect"
import * as EffectSemaphore from "effect/Semaphore"
import csp, { type Instruction } from "js-csp"
import { PromiseChannel } from "../promise-channel.ts"
import type { TimeQuestion } from "../question.ts"
import { runJsCsp } from "../run-js-csp.ts"

const permits = 4

export const question: TimeQuestion = {
  name: "semaphore",
  title: "Semaphore, uncontended",
  measures: "time",
  operation: "acquire and release",
  operations: 1,
  hot: true,
  target: { toGo: 1, advantage: { effect: 10 } },
  missing: { "thi.ng": "a write resolves only when it is read, so its channel can't count permits" },
  remarks: {
    promises: "a buffered channel of promises, as Go's idiom is",
    effect: "`take` and `release` made once; `withPermit` costs more",
    "js-csp": "a buffered channel, as Go's idiom is",
  },
  checksum: (batches) => batches + permits,
  weft: (batches) =>
    run(function* () {
      const semaphore = new Semaphore(permits)
      let pairs = 0
      for (let i = 0; i < batches; i++) {
        yield* semaphore.acquire()
        pairs++
        semaphore.release()
      }
      return pairs + semaphore.free
    }),
  weftReused: (batches) =>
    run(function* () {
      const semaphore = new Semaphore(permits)
      const acquire = semaphore.acquire()
      let pairs = 0
      for (let i = 0; i < batches; i++) {
        yield* acquire
        pairs++
        semaphore.release()
      }
      return pairs + semaphore.free
    }),
  rivals: {
    promises: async (batches) => {
      const semaphore = new PromiseChannel<void>(permits)
      let pairs = 0
      for (let i = 0; i < batches; i++) {
        await semaphore.send(undefined)
        pairs++
        await semaphore.receive()
      }
      return pairs + permits
    },
    effect: (batches) =>
      Effect.runPromise(
        Effect.gen(function* () {
          const semaphore = yield* EffectSemaphore.make(permits)
          const take = EffectSemaphore.take(semaphore, 1)
          const release = EffectSemaphore.release(semaphore, 1)
          let pairs = 0
          for (let i = 0; i < batches; i++) {
            yield* take
            pairs++
            yield* release
          }
          return pairs + permits
        }),
      ),
    "js-csp": (batches) =>
      runJsCsp(function* (): Generator<Instruction, number, unknown> {
        const semaphore = csp.chan<number>(permits)
        let pairs = 0
        for (let i = 0; i < batches; i++) {
          yield csp.put(semaphore, 1)
          pairs++
          yield csp.take(semaphore)
        }
        return pairs + permits
      }),
  },
}
