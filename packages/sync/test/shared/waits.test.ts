/** What holds for every wait on shared memory: two objects on the same memory are as two threads, which wake each other through the host. */
import { chan, select } from "@weft/channels"
import { go, type Goroutine, gosched, type Op, run, sleep } from "@weft/core"
import {
  SharedBarrier,
  SharedCond,
  SharedMutex,
  SharedOnce,
  SharedRWMutex,
  SharedSemaphore,
  SharedWaitGroup,
} from "@weft/sync"
import { Effect, Fiber } from "effect"
import { describe, expect, it } from "vitest"
import { promised } from "../../../core/test/support/promised.ts"
import { parked, untilWaiting } from "../../../core/test/support/idle.ts"

/** A wait that is not ready until `release`, which the other object calls. */
interface Wait {
  wait(): Op<unknown>
  release(): void
  /** What one who waited gives back, if he took anything. */
  giveBack(): void
  /** Whether nothing is taken, and nobody is counted as waiting. */
  isUntouched(): boolean
  /** Whoever waits also lets the others go on. */
  readonly isArrival?: true
}

const waits: ReadonlyArray<readonly [reason: string, detail: RegExp, make: () => Wait]> = [
  [
    "sync.SharedMutex.Lock",
    /^a shared mutex \(held by thread \d+\)$/,
    () => {
      const mutex = new SharedMutex()
      const other = SharedMutex.from(mutex.share())
      other.tryLock()
      return {
        wait: () => mutex.lock() as Op<unknown>,
        release: () => other.unlock(),
        giveBack: () => mutex.unlock(),
        isUntouched: () => !mutex.locked,
      }
    },
  ],
  [
    "sync.SharedRWMutex.Lock",
    /^a shared RWMutex \(1 read\)$/,
    () => {
      const rw = new SharedRWMutex()
      const other = SharedRWMutex.from(rw.share())
      other.tryRLock()
      return {
        wait: () => rw.lock() as Op<unknown>,
        release: () => other.runlock(),
        giveBack: () => rw.unlock(),
        isUntouched: () => !rw.locked && rw.readers === 0,
      }
    },
  ],
  [
    "sync.SharedRWMutex.RLock",
    /^a shared RWMutex \(written\)$/,
    () => {
      const rw = new SharedRWMutex()
      const other = SharedRWMutex.from(rw.share())
      other.tryLock()
      return {
        wait: () => rw.rlock() as Op<unknown>,
        release: () => other.unlock(),
        giveBack: () => rw.runlock(),
        isUntouched: () => !rw.locked && rw.readers === 0,
      }
    },
  ],
  [
    "sync.SharedSemaphore.Acquire",
    /^2 of a shared semaphore \(1 of 3 free\)$/,
    () => {
      const semaphore = new SharedSemaphore(3)
      const other = SharedSemaphore.from(semaphore.share())
      other.tryAcquire(2)
      return {
        wait: () => semaphore.acquire(2),
        release: () => other.release(2),
        giveBack: () => semaphore.release(2),
        isUntouched: () => semaphore.free === 3,
      }
    },
  ],
  [
    "sync.SharedWaitGroup.Wait",
    /^a shared wait group \(count 1\)$/,
    () => {
      const group = new SharedWaitGroup()
      group.add(1)
      return {
        wait: () => group.wait(),
        release: () => SharedWaitGroup.from(group.share()).done(),
        giveBack: () => {},
        isUntouched: () => true,
      }
    },
  ],
  [
    "sync.SharedOnce.Do",
    /^a shared once \(run by thread \d+\)$/,
    () => {
      const once = new SharedOnce()
      const { promise, resolve } = promised<void>()
      void SharedOnce.from(once.share())
        .do(function* () {
          yield* Effect.promise(() => promise)
        })
        .promise()
      return {
        wait: () => once.do(() => void expect.unreachable()),
        release: () => resolve(),
        giveBack: () => {},
        isUntouched: () => true,
      }
    },
  ],
  [
    "sync.SharedCond.Changed",
    /^a shared cond$/,
    () => {
      const mutex = new SharedMutex()
      const cond = new SharedCond(mutex)
      return {
        wait: () => cond.changed(),
        release: () => SharedCond.from(mutex, cond.share()).signal(),
        giveBack: () => {},
        isUntouched: () => true,
      }
    },
  ],
  [
    "sync.SharedBarrier.Wait",
    /^a shared barrier \(1 of 3 there\)$/,
    () => {
      const barrier = new SharedBarrier(3)
      const other = SharedBarrier.from(barrier.share())
      return {
        wait: () => barrier.wait(),
        release: () => {
          for (let i = 0; i < 2; i++) void other.wait().promise()
        },
        giveBack: () => {},
        isUntouched: () => barrier.waiting === 0,
        isArrival: true,
      }
    },
  ],
]

describe.each(waits)("%s", (reason, detail, make) => {
  it("waits until another thread lets it go on, and says meanwhile what for", () =>
    run(function* () {
      const { giveBack, isUntouched, release, wait } = make()
      const waiting = go(wait())
      yield* untilWaiting(waiting)
      expect(waiting.waitReason).toBe(reason)
      expect(waiting.waitDetail).toMatch(detail)
      release()
      yield* waiting
      giveBack()
      expect(isUntouched()).toBe(true)
    }))

  it("is ready, once it is let go, for all who wait one after the other", () =>
    run(function* () {
      const { giveBack, isArrival, isUntouched, release, wait } = make()
      const served: Array<number> = []
      const waiting: Array<Goroutine<void>> = []
      for (let i = 0; i < (isArrival ? 1 : 3); i++) {
        const goroutine = go(function* () {
          yield* wait()
          served.push(i)
          yield* gosched()
          giveBack()
        })
        waiting.push(yield* parked(goroutine))
      }
      release()
      for (const goroutine of waiting) yield* goroutine
      expect(served).toEqual(waiting.map((_, i) => i))
      expect(isUntouched()).toBe(true)
    }))

  it("takes nothing when it loses a select", () =>
    run(function* () {
      const { giveBack, isUntouched, release, wait } = make()
      const hit = yield* select({ wait: wait(), late: sleep(1) })
      expect(hit.case).toBe("late")
      const ready = chan<string>(1)
      const selecting = go(function* () {
        return (yield* select({ wait: wait(), ready: ready.receive() })).case
      })
      yield* untilWaiting(selecting)
      ready.trySend("go")
      expect(yield* selecting).toBe("ready")
      const waiting = go(wait())
      yield* untilWaiting(waiting)
      release()
      yield* waiting
      giveBack()
      expect(isUntouched()).toBe(true)
    }))

  it("wins a select once it is let go, as one case of one or two, and is taken once", () =>
    run(function* () {
      for (const isTwice of [false, true]) {
        const { giveBack, isArrival, isUntouched, release, wait } = make()
        const never = chan<void>()
        const selecting = go(function* () {
          const cases = { wait: wait(), never: never.receive() }
          return (yield* select(isTwice && !isArrival ? { ...cases, again: wait() } : cases)).case
        })
        yield* untilWaiting(selecting)
        release()
        expect(["wait", "again"]).toContain(yield* selecting)
        giveBack()
        expect(isUntouched()).toBe(true)
      }
    }))

  it("takes nothing for a goroutine that is interrupted while it waits, and the next one goes on", () =>
    run(function* () {
      const { giveBack, isUntouched, release, wait } = make()
      const victim = go(wait())
      yield* untilWaiting(victim)
      victim.interrupt()
      const next = go(wait())
      yield* untilWaiting(next)
      release()
      yield* next
      giveBack()
      expect([isUntouched(), victim.wasInterrupted]).toEqual([true, true])
    }))

  it("resumes an Effect's fiber, and takes nothing for one that is interrupted", async () => {
    const { giveBack, isUntouched, release, wait } = make()
    const victim = Effect.runFork(wait())
    const fiber = Effect.runFork(Effect.as(Effect.suspend(wait), "resumed"))
    await Effect.runPromise(Effect.yieldNow)
    await Effect.runPromise(Fiber.interrupt(victim))
    release()
    expect(await Effect.runPromise(Fiber.join(fiber))).toBe("resumed")
    giveBack()
    expect(isUntouched()).toBe(true)
  })

  it("settles a promise, and takes nothing for one whose signal aborts", async () => {
    const { giveBack, isUntouched, release, wait } = make()
    const abort = new AbortController()
    const aborted = wait().promise(abort.signal)
    abort.abort("given up")
    await expect(aborted).rejects.toBe("given up")
    const promise = wait().promise()
    release()
    await promise
    giveBack()
    expect(isUntouched()).toBe(true)
  })
})
