/** Programs for the contended mutexes: ten lock and unlock, and give way while they hold the lock, in one hold of `each`. */
import { go, gosched, run } from "@weft/core"
import { Mutex, WaitGroup } from "@weft/sync"
import { Mutex as AsyncMutex } from "async-mutex"
import * as Effect from "effect/Effect"
import * as EffectSemaphore from "effect/Semaphore"
import { PromiseLock } from "./promise-lock.ts"
import type { Program, Rival, TimeQuestion } from "./question.ts"

export const users = 10

/** What both questions say. */
export const lockersDescription = {
  measures: "time",
  operation: "lock and unlock",
  operations: users,
  missing: {
    "thi.ng": "a write resolves only when it is read, so its channel is no lock",
    "js-csp": "has no way to give way",
  },
  remarks: { promises: "a chain of promises", effect: "a Semaphore of one permit: `take` and `release` made once" },
  checksum: (batches) => batches * users,
} satisfies Partial<TimeQuestion>

/** Were there ever two inside, the checksum would be wrong. */
export function lockers(each: number): { readonly weft: Program; readonly rivals: Partial<Record<Rival, Program>> } {
  return {
    weft: (batches) => weft(each, batches),
    rivals: {
      promises: (batches) => {
        const lock = new PromiseLock()
        return promises(each, batches, () => lock.acquire())
      },
      "async-mutex": (batches) => {
        const mutex = new AsyncMutex()
        return promises(each, batches, () => mutex.acquire())
      },
      effect: (batches) => effect(each, batches),
    },
  }
}

function weft(each: number, batches: number): Promise<number> {
  return run(function* () {
    const mutex = new Mutex()
    const done = new WaitGroup()
    let [inside, pairs] = [0, 0]
    const user = function* () {
      for (let i = 0; i < batches; i++) {
        yield* mutex.lock()
        inside++
        if (i % each === 0) yield* gosched()
        if (inside-- === 1) pairs++
        mutex.unlock()
      }
      done.done()
    }
    done.add(users)
    for (let i = 0; i < users; i++) go(user)
    yield* done.wait()
    return pairs
  })
}

async function promises(each: number, batches: number, acquire: () => Promise<() => void>): Promise<number> {
  let [inside, pairs] = [0, 0]
  const user = async () => {
    for (let i = 0; i < batches; i++) {
      const release = await acquire()
      inside++
      if (i % each === 0) await Promise.resolve()
      if (inside-- === 1) pairs++
      release()
    }
  }
  await Promise.all(Array.from({ length: users }, user))
  return pairs
}

function effect(each: number, batches: number): Promise<number> {
  return Effect.runPromise(
    Effect.gen(function* () {
      const semaphore = yield* EffectSemaphore.make(1)
      const take = EffectSemaphore.take(semaphore, 1)
      const release = EffectSemaphore.release(semaphore, 1)
      let [inside, pairs] = [0, 0]
      const user = Effect.gen(function* () {
        for (let i = 0; i < batches; i++) {
          yield* take
          inside++
          if (i % each === 0) yield* Effect.yieldNow
          if (inside-- === 1) pairs++
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
