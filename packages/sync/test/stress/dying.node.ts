/**
 * What the threads run of whom some are terminated, wherever they are. The first `mortals` threads go on until then; the others until all of
 * those have died, and so many rounds more.
 */
import { select } from "@weft/channels"
import { gosched, never, type Op, sleep } from "@weft/core"
import {
  OwnerDied,
  SharedBarrier,
  SharedCond,
  type SharedHandle,
  SharedMutex,
  SharedOnce,
  SharedRWMutex,
  SharedSemaphore,
  SharedWaitGroup,
} from "@weft/sync"
import { onAll, onceBytes } from "./laws.node.ts"

export interface Work {
  readonly goroutines: number
  readonly times: number
  readonly mortals: number
  /**
   * How many rounds were begun, all together; whether all mortals have died; how often something was found half done; and whether somebody
   * holds a lock until he is terminated.
   */
  readonly progress: Int32Array
}

type Steps<A = void> = Generator<Op<unknown, unknown>, A, unknown>

/** The numbers of rounds; without end for a mortal. */
function* rounds({ mortals, progress, times }: Work, index: number): Generator<number, void, unknown> {
  for (let i = 0, left = times; index < mortals || left > 0; i++) {
    if (Atomics.load(progress, 1) === 1) left--
    Atomics.add(progress, 0, 1)
    yield i
  }
}

interface Lockable {
  lock(): Op<Disposable, OwnerDied>
  recover(): Op<Disposable>
}

/** Locks, if need be by recovering, and answers whether that was so. */
function* lockAnyway(lock: Lockable, wanted: Op<Disposable, OwnerDied>): Steps<boolean> {
  try {
    yield* wanted
    return false
  } catch (error) {
    if (!(error instanceof OwnerDied)) throw error
    yield* lock.recover()
    return true
  }
}

export interface Pairs extends Work {
  readonly lock: SharedHandle<"SharedMutex"> | SharedHandle<"SharedRWMutex">
  /** Two plain words that are the same but while somebody holds the lock. */
  readonly words: Int32Array
}

export function writePairs({ lock: handle, words, ...work }: Pairs, index: number): Promise<void> {
  const isRW = handle.weft === "SharedRWMutex"
  const lock = handle.weft === "SharedRWMutex" ? SharedRWMutex.from(handle) : SharedMutex.from(handle)
  return onAll(work, index, function* (random) {
    for (const i of rounds(work, index)) {
      const mayRead = isRW && index >= work.mortals && random(2) === 0
      const isRecovered = yield* lockAnyway(lock, mayRead ? (lock as SharedRWMutex).rlock() : lock.lock())
      if (isRecovered) {
        if (words[0] !== words[1]) Atomics.add(work.progress, 2, 1)
        words[1] = words[0]!
      }
      if (words[0] !== words[1]) throw new Error(`half done: ${words[0]} and ${words[1]}`)
      if (mayRead && !isRecovered) {
        if (random(4) === 0) yield* gosched()
        ;(lock as SharedRWMutex).runlock()
        continue
      }
      words[0] = words[0]! + 1
      if (index === 0 && i >= 50) {
        Atomics.store(work.progress, 3, 1)
        yield* never
      }
      // Mortals take their time: they are to be found at it.
      if (index < work.mortals) yield* sleep(random(2))
      else if (random(2) === 0) yield* gosched()
      words[1] = words[1]! + 1
      lock.unlock()
      if (random(4) === 0) yield* gosched()
    }
  })
}

export interface Permits extends Work {
  readonly semaphore: SharedHandle<"SharedSemaphore">
}

export function usePermits({ semaphore: handle, ...work }: Permits, index: number): Promise<void> {
  const semaphore = SharedSemaphore.from(handle)
  return onAll(work, index, function* (random) {
    for (const _ of rounds(work, index)) {
      const k = index < work.mortals ? 1 : 1 + random(2)
      yield* semaphore.acquire(k)
      if (random(2) === 0) yield* gosched()
      semaphore.release(k)
    }
  })
}

export interface Onces extends Work {
  readonly onces: SharedArrayBuffer
  /** How often each was run to its end. */
  readonly ended: Int32Array
}

export function doAll({ ended, onces, ...work }: Onces, index: number): Promise<void> {
  const all = Array.from({ length: work.times }, (_, i) => SharedOnce.at(onces, onceBytes * i))
  return onAll(work, index, function* (random) {
    for (const i of rounds(work, index)) {
      const k = i % work.times
      yield* all[k]!.do(function* () {
        for (let n = random(4); n > 0; n--) yield* gosched()
        Atomics.add(ended, k, 1)
      })
      if (Atomics.load(ended, k) === 0) throw new Error("do has returned, and nothing was done")
      if (index < work.mortals) yield* gosched()
    }
  })
}

export interface Signals extends Work {
  readonly mutex: SharedHandle<"SharedMutex">
  readonly cond: SharedHandle<"SharedCond">
  /** Plain: how many items there are, how many producers have not ended, how many items were made, and taken. */
  readonly items: Int32Array
}

export const [Left, Producers, Made, Taken] = [0, 1, 2, 3]

/** Mortals wait, and pass on what woke them. Of each other thread the first goroutine makes items, the second takes them. */
export function signal({ cond: condHandle, items, mutex: handle, ...work }: Signals, index: number): Promise<void> {
  const mutex = SharedMutex.from(handle)
  const cond = SharedCond.from(mutex, condHandle)
  const wait = function* (): Steps {
    yield* lockAnyway(mutex, cond.wait().asEffect() as unknown as Op<Disposable, OwnerDied>)
  }
  const change = (word: number, delta: number): void => {
    items[word] = items[word]! + delta
  }
  return onAll(work, index, function* (random, k) {
    const isMortal = index < work.mortals
    const isProducer = !isMortal && k === 0
    for (const _ of rounds(isProducer || isMortal ? work : { ...work, times: Infinity }, index)) {
      yield* lockAnyway(mutex, mutex.lock())
      if (isMortal) yield* wait()
      else if (isProducer) {
        change(Left, 1)
        change(Made, 1)
      } else {
        while (items[Left] === 0 && items[Producers]! > 0) yield* wait()
        if (items[Left] === 0) return mutex.unlock()
        change(Left, -1)
        change(Taken, 1)
      }
      mutex.unlock()
      if (isMortal || isProducer) cond.signal()
      if (random(8) === 0) yield* gosched()
    }
    yield* lockAnyway(mutex, mutex.lock())
    change(Producers, -1)
    mutex.unlock()
    cond.broadcast()
  })
}

export interface Meetings extends Work {
  readonly barrier: SharedHandle<"SharedBarrier">
  /** One for each goroutine that is left in the end, until it has met others often enough. */
  readonly unfinished: SharedHandle<"SharedWaitGroup">
  /** How often somebody was the last of his round, and how often another. */
  readonly met: Int32Array
}

/** All meet two by two. Who has done so often enough goes on until all have, so that nobody is left alone. */
export function meet({ barrier: handle, met, unfinished, ...work }: Meetings, index: number): Promise<void> {
  const barrier = SharedBarrier.from(handle)
  const left = SharedWaitGroup.from(unfinished)
  return onAll(work, index, function* (random) {
    const meetOnce = function* (): Steps<boolean> {
      const hit = yield* select({ place: barrier.wait(), over: left.wait() })
      if (hit.case === "over") return false
      Atomics.add(met, hit.value === 1 ? 0 : 1, 1)
      if (random(4) === 0) yield* gosched()
      return true
    }
    for (const _ of rounds(work, index)) yield* meetOnce()
    left.done()
    while (yield* meetOnce());
  })
}

export interface Counts extends Work {
  readonly group: SharedHandle<"SharedWaitGroup">
  /** How many goroutines have counted for the last time. */
  readonly ended: Int32Array
}

/** Of each thread the first goroutine counts up and down again, the second waits for zero. */
export function countUpAndDown({ ended, group: handle, ...work }: Counts, index: number): Promise<void> {
  const group = SharedWaitGroup.from(handle)
  return onAll(work, index, function* (random, k) {
    for (const _ of rounds(work, index)) {
      if (k === 1) yield* group.wait()
      else {
        group.add(1)
        if (random(2) === 0) yield* gosched()
        group.done()
      }
      if (random(4) === 0) yield* gosched()
    }
    if (k === 0) Atomics.add(ended, 0, 1)
    yield* group.wait()
  })
}
