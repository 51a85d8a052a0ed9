/** Tasks that are given, and give, what lies in shared memory. */
import type { Channel } from "@weft/channels"
import { type AtomicInt32, type SharedCond, type SharedHandle, SharedMutex } from "@weft/sync"
import { task } from "@weft/workers"

export interface Conditioned {
  readonly mutex: SharedMutex
  readonly cond: SharedCond
  readonly state: AtomicInt32
}

/** Answers 1 with 2, by a cond; says whether its lock came as its lock. */
function* answers({ cond, mutex, state }: Conditioned) {
  yield* mutex.lock()
  state.store(1)
  cond.broadcast()
  while (state.load() !== 2) yield* cond.wait()
  mutex.unlock()
  return cond.locker === mutex
}

export const answersArgument = task(import.meta.url, "answersArgument", answers)

export const answersValue = task(import.meta.url, "answersValue", function* (from: Channel<Conditioned>) {
  return yield* answers(yield* from.take())
})

/** A lock whose header says something else: nobody can make it again. */
export function brokenMutex(): SharedMutex {
  const mutex = new SharedMutex()
  breakMemory(mutex.share())
  return mutex
}

function breakMemory({ buffer, offset }: SharedHandle): void {
  new Int32Array(buffer, offset)[0] = 1
}

export const returnsBroken = task(import.meta.url, "returnsBroken", function* () {
  return { lock: brokenMutex() }
})

export const sendsBroken = task(import.meta.url, "sendsBroken", function* (to: Channel<unknown>) {
  yield* to.send(brokenMutex())
})

export const throwsBroken = task(import.meta.url, "throwsBroken", function* () {
  throw Object.assign(new RangeError("with a lock"), { lock: brokenMutex(), n: 1 })
})
