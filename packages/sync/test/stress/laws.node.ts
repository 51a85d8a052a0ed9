/** What the threads of the stress tests run. Each works against the others, and says by an error where a law does not hold. */
import { go, type Goroutine, gosched, type Op, run, sleep } from "@weft/core"
import {
  AtomicInt32,
  SharedBarrier,
  SharedCond,
  type SharedHandle,
  SharedMutex,
  SharedOnce,
  SharedRWMutex,
  SharedSemaphore,
  SharedWaitGroup,
} from "@weft/sync"

interface Work {
  readonly goroutines: number
  readonly times: number
}

/** Numbers by chance, the same ones for the same thread and goroutine. */
export function chance(seed: number): (below: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1)
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** Mostly nothing; sometimes others of the thread run in between, or time passes. */
function* pause(random: (below: number) => number): Generator<Op<void>, void, unknown> {
  const n = random(100)
  if (n < 10) yield* gosched()
  else if (n === 10) yield* sleep(random(2))
}

/** Runs so many goroutines, each with numbers of its own, until all have ended. */
export function onAll(
  { goroutines }: Work,
  index: number,
  body: (random: (below: number) => number, k: number) => Generator<Op<unknown, unknown>, void, unknown>,
): Promise<void> {
  return run(function* () {
    const all: Array<Goroutine> = []
    for (let k = 0; k < goroutines; k++)
      all.push(go(() => body(chance(100 * index + k), k) as Generator<Op<unknown>, void, never>))
    for (const goroutine of all) yield* goroutine.join() as Op<unknown>
  })
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`does not hold: ${what}`)
}

export interface Counting extends Work {
  readonly mutex: SharedHandle<"SharedMutex">
  /** A plain word. */
  readonly words: Int32Array
}

export function count({ words, ...work }: Counting, index: number): Promise<void> {
  const mutex = SharedMutex.from(work.mutex)
  return onAll(work, index, function* (random) {
    for (let i = 0; i < work.times; i++) {
      const guard = yield* mutex.lock()
      const n = words[0]!
      yield* pause(random)
      words[0] = n + 1
      if (random(2) === 0) guard[Symbol.dispose]()
      else mutex.unlock()
    }
  })
}

export interface Acquiring extends Work {
  readonly semaphore: SharedHandle<"SharedSemaphore">
  readonly held: SharedHandle<"AtomicInt32">
}

/** Answers the most that this thread has seen held. */
export async function acquire(work: Acquiring, index: number): Promise<number> {
  const semaphore = SharedSemaphore.from(work.semaphore)
  const held = AtomicInt32.from(work.held)
  let most = 0
  await onAll(work, index, function* (random) {
    for (let i = 0; i < work.times; i++) {
      const k = 1 + random(semaphore.size)
      yield* semaphore.acquire(k)
      most = Math.max(most, held.add(k))
      yield* pause(random)
      held.add(-k)
      semaphore.release(k)
    }
  })
  return most
}

export interface Sharing extends Work {
  readonly rw: SharedHandle<"SharedRWMutex">
  /** Two plain words that differ only while somebody writes. */
  readonly words: Int32Array
}

/** Answers how often it wrote. */
export async function share({ words, ...work }: Sharing, index: number): Promise<number> {
  const rw = SharedRWMutex.from(work.rw)
  let writes = 0
  await onAll(work, index, function* (random) {
    for (let i = 0; i < work.times; i++) {
      if (random(4) === 0) {
        yield* rw.lock()
        words[0] = words[0]! + 1
        yield* pause(random)
        words[1] = words[1]! + 1
        writes++
        rw.unlock()
      } else {
        const guard = yield* rw.rlock()
        const n = words[0]!
        yield* pause(random)
        check(words[1] === n && words[0] === n, "nobody writes while somebody reads")
        guard[Symbol.dispose]()
      }
    }
  })
  return writes
}

export interface Rounds extends Work {
  readonly threads: number
  readonly group: SharedHandle<"SharedWaitGroup">
  readonly barrier: SharedHandle<"SharedBarrier">
  readonly counter: SharedHandle<"AtomicInt32">
}

/** Round after round all threads add, work, and wait for all work to be done. */
export function wait(work: Rounds, index: number): Promise<void> {
  const group = SharedWaitGroup.from(work.group)
  const barrier = SharedBarrier.from(work.barrier)
  const counter = AtomicInt32.from(work.counter)
  const random = chance(index)
  return run(function* () {
    for (let round = 1; round <= work.times; round++) {
      group.add(work.goroutines)
      yield* barrier.wait()
      for (let k = 0; k < work.goroutines; k++)
        go(function* () {
          yield* pause(random)
          counter.add(1)
          group.done()
        })
      yield* group.wait()
      check(counter.load() === round * work.threads * work.goroutines, "wait ends when all is done, and not before")
      yield* barrier.wait()
    }
  })
}

export interface Meeting extends Work {
  readonly barrier: SharedHandle<"SharedBarrier">
  /** A word for each party: how many rounds it has passed. */
  readonly passed: Int32Array
}

/** Answers how often this thread's parties were the last of their round. */
export async function meet({ passed, ...work }: Meeting, index: number): Promise<number> {
  const barrier = SharedBarrier.from(work.barrier)
  let lasts = 0
  await onAll(work, index, function* (random, k) {
    const me = index * work.goroutines + k
    for (let round = 0; round < work.times; round++) {
      if ((yield* barrier.wait()) === barrier.parties - 1) lasts++
      Atomics.store(passed, me, round + 1)
      for (let other = 0; other < passed.length; other++) {
        const his = Atomics.load(passed, other)
        check(his >= round && his <= round + 2, "nobody is ahead by more than a round")
      }
      yield* pause(random)
    }
  })
  return lasts
}

export interface Doing extends Work {
  /** So many Onces, one after the other. */
  readonly onces: SharedArrayBuffer
  /** A plain word for each: how often it was run. */
  readonly runs: Int32Array
}

export const onceBytes = 8

export function doOnce({ onces, runs, ...work }: Doing, index: number): Promise<void> {
  const all = Array.from({ length: work.times }, (_, i) => SharedOnce.at(onces, onceBytes * i))
  return onAll(work, index, function* (random) {
    const start = random(work.times)
    for (let k = 0; k < work.times; k++) {
      const i = (start + k) % work.times
      yield* all[i]!.do(function* () {
        const n = runs[i]!
        yield* pause(random)
        runs[i] = n + 1
      })
      check(runs[i] === 1, "it has been done, once, when do returns")
    }
  })
}

export interface Queueing extends Work {
  readonly producers: number
  readonly mutex: SharedHandle<"SharedMutex">
  readonly notEmpty: SharedHandle<"SharedCond">
  readonly notFull: SharedHandle<"SharedCond">
  /** Plain: how many are in it, where the first is, then the ring. */
  readonly queue: Int32Array
  /** Plain, of all threads: how often each item was taken. Guarded by the same lock. */
  readonly taken: Int32Array
}

const [Count, First, Ring] = [0, 1, 2]

/** The first threads produce numbers, each its own; the others consume them. -1 is the end. */
export function produceOrConsume({ queue, taken, ...work }: Queueing, index: number): Promise<void> {
  const mutex = SharedMutex.from(work.mutex)
  const notEmpty = SharedCond.from(mutex, work.notEmpty)
  const notFull = SharedCond.from(mutex, work.notFull)
  const capacity = queue.length - Ring
  return onAll(work, index, function* (random, k) {
    for (let i = 0; i < work.times; i++) {
      yield* mutex.lock()
      if (index < work.producers) {
        while (queue[Count] === capacity) yield* notFull.wait().asEffect() as Op<void>
        const item = (index * work.goroutines + k) * work.times + i
        queue[Ring + ((queue[First]! + queue[Count]!) % capacity)] = item
        queue[Count] = queue[Count]! + 1
        notEmpty.signal()
      } else {
        while (queue[Count] === 0) yield* notEmpty.wait().asEffect() as Op<void>
        const item = queue[Ring + queue[First]!]!
        queue[First] = (queue[First]! + 1) % capacity
        queue[Count] = queue[Count]! - 1
        taken[item] = taken[item]! + 1
        notFull.signal()
      }
      mutex.unlock()
      yield* pause(random)
    }
  })
}
