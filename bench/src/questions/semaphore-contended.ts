/** 64 goroutines over 8 permits: each acquires one, gives way, and releases it. A batch is once for each of them. */
import { go, gosched, run } from "@weft/core"
import { Semaphore, WaitGroup } from "@weft/sync"
import * as Effect from "effect/Effect"
import * as EffectSemaphore from "effect/Semaphore"
import { PromiseChannel } from "../promise-channel.ts"
import type { TimeQuestion } from "../question.ts"

const permits = 8
const users = 64

export const question: TimeQuestion = {
  name: "semaphore-contended",
  title: "Semaphore, 64 over 8",
  measures: "time",
  operation: "acquire and release",
  operations: users,
  target: { toGo: 1 },
  missing: {
    "thi.ng": "a write resolves only when it is read, so its channel can't count permits",
    "js-csp": "has no way to give way",
  },
  remarks: { promises: "a buffered channel of promises, as Go's idiom is" },
  checksum: (batches) => batches * users,
  weft: (batches) =>
    run(function* () {
      const semaphore = new Semaphore(permits)
      const done = new WaitGroup()
      let [inside, pairs] = [0, 0]
      const user = function* () {
        for (let i = 0; i < batches; i++) {
          yield* semaphore.acquire()
          inside++
          yield* gosched()
          // Were there more than the permits inside, the checksum would be wrong.
          if (inside-- <= permits) pairs++
          semaphore.release()
        }
        done.done()
      }
      done.add(users)
      for (let i = 0; i < users; i++) go(user)
      yield* done.wait()
      return pairs
    }),
  rivals: { promises, effect },
}

async function promises(batches: number): Promise<number> {
  const semaphore = new PromiseChannel<void>(permits)
  let [inside, pairs] = [0, 0]
  const user = async () => {
    for (let i = 0; i < batches; i++) {
      await semaphore.send(undefined)
      inside++
      await Promise.resolve()
      if (inside-- <= permits) pairs++
      await semaphore.receive()
    }
  }
  await Promise.all(Array.from({ length: users }, user))
  return pairs
}

function effect(batches: number): Promise<number> {
  return Effect.runPromise(
    Effect.gen(function* () {
      const semaphore = yield* EffectSemaphore.make(permits)
      const take = EffectSemaphore.take(semaphore, 1)
      const release = EffectSemaphore.release(semaphore, 1)
      let [inside, pairs] = [0, 0]
      const user = Effect.gen(function* () {
        for (let i = 0; i < batches; i++) {
          yield* take
          inside++
          yield* Effect.yieldNow
          if (inside-- <= permits) pairs++
          yield* release
        }
      })
      yield* Effect.all(
        Array.from({ length: users }, () => user),
        { concurrency: "unbounded", discard: true },
      )
      return pairs
    }),
  )
}
