/** What the threads of Go's tests of locks run: mutex_test, rwmutex_test, once_test and x/sync's semaphore_test, on shared memory. */
import { select } from "@weft/channels"
import { context, type Context, go, type Goroutine, gosched, type Op, run, sleep } from "@weft/core"
import {
  AtomicInt32,
  SharedBarrier,
  type SharedHandle,
  SharedMutex,
  SharedOnce,
  SharedRWMutex,
  SharedSemaphore,
} from "@weft/sync"

type Steps<A = void> = Generator<Op<unknown, unknown>, A, unknown>

/** So many goroutines of this thread, all of which must end. */
export function goroutines(count: number, body: (i: number) => Steps): Promise<void> {
  return run(function* () {
    const all: Array<Goroutine> = []
    for (let i = 0; i < count; i++) all.push(go(() => body(i) as Generator<Op<unknown>, void, never>))
    for (const goroutine of all) yield* goroutine.join() as Op<unknown>
  })
}

/** What each of them throws, by name; `undefined` what throws nothing. */
function thrownBy(calls: Readonly<Record<string, () => unknown>>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(calls).map(([name, call]) => {
      try {
        call()
        return [name, undefined]
      } catch (error) {
        return [name, String(error)]
      }
    }),
  )
}

// ---- mutex_test

export function hammerSemaphore({ loops, semaphore }: { loops: number; semaphore: SharedHandle<"SharedSemaphore"> }) {
  const s = SharedSemaphore.from(semaphore)
  return goroutines(2, function* () {
    for (let i = 0; i < loops; i++) {
      yield* s.acquire()
      if (i % 7 === 0) yield* gosched()
      s.release()
    }
  })
}

export interface Hammering {
  readonly loops: number
  readonly mutex: SharedHandle<"SharedMutex">
  /** Plain. */
  readonly count: Int32Array
}

/** Answers how often it had the lock. */
export async function hammerMutex({ count, loops, mutex }: Hammering): Promise<number> {
  const m = SharedMutex.from(mutex)
  let holds = 0
  await goroutines(2, function* () {
    for (let i = 0; i < loops; i++) {
      if (i % 3 === 0) {
        if (!m.tryLock()) continue
      } else yield* m.lock()
      holds++
      count[0] = count[0]! + 1
      m.unlock()
    }
  })
  return holds
}

/** Each on a lock of its own, in memory of the test's thread, where what is to be locked was locked. */
export function misuse(locks: Readonly<Record<string, SharedHandle<"SharedMutex"> | SharedHandle<"SharedRWMutex">>>) {
  return thrownBy(
    Object.fromEntries(
      Object.entries(locks).map(([name, handle]) => [
        name,
        () => {
          const isRead = name.includes("RUnlock")
          const isThird =
            /[23]$/.test(name) && !name.startsWith("RWMutex.Unlock2") && !name.startsWith("RWMutex.RUnlock2")
          const unlock =
            handle.weft === "SharedMutex"
              ? () => SharedMutex.from(handle).unlock()
              : () => (isRead ? SharedRWMutex.from(handle).runlock() : SharedRWMutex.from(handle).unlock())
          if (isThird) unlock()
          unlock()
        },
      ]),
    ),
  )
}

export interface Fairness {
  readonly mutex: SharedHandle<"SharedMutex">
  readonly stop: Int32Array
}

/** Thread 0 locks again at once, for ever; thread 1 wants the lock ten times. */
export function hogOrLock({ mutex, stop }: Fairness, index: number): Promise<void> {
  const m = SharedMutex.from(mutex)
  return run(function* () {
    if (index === 0) {
      while (Atomics.load(stop, 0) === 0) {
        yield* m.lock()
        yield* sleep(0.1)
        m.unlock()
      }
      return
    }
    for (let i = 0; i < 10; i++) {
      yield* sleep(0.1)
      yield* m.lock()
      m.unlock()
    }
    Atomics.store(stop, 0, 1)
  })
}

// ---- rwmutex_test

/** All hold the lock before any lets go of it. */
export function readTogether({ all, rw }: { all: SharedHandle<"SharedBarrier">; rw: SharedHandle<"SharedRWMutex"> }) {
  const lock = SharedRWMutex.from(rw)
  return run(function* () {
    yield* lock.rlock()
    yield* SharedBarrier.from(all).wait()
    lock.runlock()
  })
}

export interface HammeringRW {
  readonly rw: SharedHandle<"SharedRWMutex">
  readonly activity: SharedHandle<"AtomicInt32">
  readonly writers: number
  readonly loops: number
}

/** The first threads write, the others read. */
export function hammerRWMutex({ activity, loops, rw, writers }: HammeringRW, index: number): Promise<void> {
  const lock = SharedRWMutex.from(rw)
  const active = AtomicInt32.from(activity)
  const weight = index < writers ? 10_000 : 1
  return run(function* () {
    for (let i = 0; i < loops; i++) {
      yield* index < writers ? lock.lock() : lock.rlock()
      const n = active.add(weight)
      if (index < writers ? n !== weight : n < 1 || n >= 10_000) throw new Error(`active: ${n}`)
      if (i % 5 === 0) yield* gosched()
      active.add(-weight)
      if (index < writers) lock.unlock()
      else lock.runlock()
    }
  })
}

export interface ReadSide {
  readonly rw: SharedHandle<"SharedRWMutex">
  readonly rlocked: SharedHandle<"SharedSemaphore">
  readonly wlocked: SharedHandle<"SharedSemaphore">
  readonly rounds: number
}

export function lockBothSides({ rlocked, rounds, rw, wlocked }: ReadSide): Promise<void> {
  const wl = SharedRWMutex.from(rw)
  const rl = wl.rlocker()
  const [toldRead, toldWrite] = [SharedSemaphore.from(rlocked), SharedSemaphore.from(wlocked)]
  return run(function* () {
    for (let i = 0; i < rounds; i++) {
      yield* rl.lock()
      yield* rl.lock()
      toldRead.release()
      yield* wl.lock()
      toldWrite.release()
    }
  })
}

// ---- once_test

export function raceOnce({ once, runs }: { once: SharedHandle<"SharedOnce">; runs: Int32Array }): Promise<void> {
  const o = SharedOnce.from(once)
  return goroutines(2, function* () {
    yield* o.do(function* () {
      yield* gosched()
      runs[0] = runs[0]! + 1
    })
    if (runs[0] !== 1) throw new Error(`once failed inside run: ${runs[0]} is not 1`)
  })
}

/** Answers what `do` threw. */
export function panicInOnce(once: SharedHandle<"SharedOnce">): Promise<string> {
  return run(function* () {
    try {
      yield* SharedOnce.from(once).do(() => {
        throw new Error("failed")
      })
    } catch (error) {
      return String(error)
    }
    return "nothing"
  })
}

// ---- x/sync/semaphore_test

export interface Weighing {
  readonly semaphore: SharedHandle<"SharedSemaphore">
  readonly held: SharedHandle<"AtomicInt32">
  readonly loops: number
}

/** Thread i acquires i. */
export function hammerWeighted({ held, loops, semaphore }: Weighing, index: number): Promise<void> {
  const s = SharedSemaphore.from(semaphore)
  const all = AtomicInt32.from(held)
  return run(function* () {
    for (let i = 0; i < loops; i++) {
      yield* s.acquire(index)
      if (all.add(index) > s.size) throw new Error(`held: ${all.load()}`)
      if (i % 3 === 0) yield* gosched()
      all.add(-index)
      s.release(index)
    }
  })
}

export function misuseWeighted(semaphore: SharedHandle<"SharedSemaphore">) {
  const s = SharedSemaphore.from(semaphore)
  return thrownBy({
    WeightedPanic: () => s.release(),
    WeightedNegativeSizePanic: () => new SharedSemaphore(-1),
    WeightedNegativeWeightPanic: () => s.acquire(-1),
    "WeightedNegativeWeightPanic, try": () => s.tryAcquire(-1),
    "WeightedNegativeWeightPanic, release": () => s.release(-1),
  })
}

/** Go's `sem.Acquire(ctx, n)`: a context that has ended comes first. */
function* acquire(semaphore: SharedSemaphore, ctx: Context, n: number): Steps<boolean> {
  const hit = yield* select.ordered({ done: ctx.done, acquired: semaphore.acquire(n) })
  return hit.case === "acquired"
}

/** Once by trying, once with a timeout: of 10 ms where there is nothing to have. */
export function tryTwice(semaphore: SharedHandle<"SharedSemaphore">): Promise<Array<boolean>> {
  const s = SharedSemaphore.from(semaphore)
  return run(function* () {
    const tried = s.tryAcquire()
    if (tried) s.release()
    const [ctx, cancel] = context.withTimeout(context.background, tried ? "1 hour" : "10 millis")
    const waited = yield* acquire(s, ctx, 1) as Generator<Op<unknown>, boolean, unknown>
    cancel()
    return [tried, waited]
  })
}

/** Acquires one, works, releases it, so many times; thread 0 meanwhile wants more than there are, and gives up at the end. */
export function workBesideTooBig(
  { semaphore, times }: { semaphore: SharedHandle<"SharedSemaphore">; times: number },
  index: number,
) {
  const s = SharedSemaphore.from(semaphore)
  return run(function* () {
    const tooBig = index === 0 ? go(s.acquire(s.size + 1)) : undefined
    for (let i = 0; i < times; i++) {
      yield* s.acquire()
      if (i % 4 === 0) yield* sleep(1)
      s.release()
    }
    const status = tooBig?.status
    tooBig?.interrupt()
    return status
  })
}

export interface Starving {
  readonly semaphore: SharedHandle<"SharedSemaphore">
  readonly isOver: Int32Array
}

/** Thread 0 wants all; the others each have one, and acquire again as soon as they have released it. */
export function starve({ isOver, semaphore }: Starving, index: number): Promise<void> {
  const s = SharedSemaphore.from(semaphore)
  return run(function* () {
    if (index === 0) {
      yield* s.acquire(s.size)
      Atomics.store(isOver, 0, 1)
      return s.release(s.size)
    }
    yield* s.acquire()
    while (Atomics.load(isOver, 0) === 0) {
      yield* sleep(1)
      s.release()
      yield* s.acquire()
    }
    s.release()
  })
}

/** Thread 0 wants all and gives up; thread 1 wants one, and may have it then. Answers whether it had it. */
export function cancelInFront({ isOver, semaphore }: Starving, index: number): Promise<boolean> {
  const s = SharedSemaphore.from(semaphore)
  return run(function* () {
    if (index === 1) {
      while (Atomics.load(isOver, 0) === 0) yield* gosched()
      yield* s.acquire()
      s.release()
      return true
    }
    const [ctx, cancel] = context.withCancel(context.background)
    const waiting = go(() => acquire(s, ctx, s.size) as Generator<Op<unknown>, boolean, never>)
    while (waiting.status !== "waiting") yield* gosched()
    Atomics.store(isOver, 0, 1)
    yield* sleep(1)
    cancel()
    return yield* waiting
  })
}

/** A context that has ended comes before permits that are free. Answers whether any were taken. */
export function acquireCancelled(semaphore: SharedHandle<"SharedSemaphore">): Promise<boolean> {
  const s = SharedSemaphore.from(semaphore)
  return run(function* () {
    const [ctx, cancel] = context.withCancel(context.background)
    cancel()
    return yield* acquire(s, ctx, 1) as Generator<Op<unknown>, boolean, unknown>
  })
}
