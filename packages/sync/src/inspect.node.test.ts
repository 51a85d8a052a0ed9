import { inspect } from "node:util"
import { go, never, run, threadId } from "@weft/core"
import { describe, expect, it } from "vitest"
import { untilWaiting } from "../../core/test/support/idle.ts"
import {
  AtomicBool,
  AtomicFloat64,
  AtomicInt32,
  AtomicInt64,
  AtomicUint32,
  AtomicUint64,
  Barrier,
  Cond,
  ErrorGroup,
  Latch,
  Mutex,
  Once,
  RateLimiter,
  RWMutex,
  Semaphore,
  SharedBarrier,
  SharedCond,
  SharedMutex,
  SharedOnce,
  SharedRWMutex,
  SharedSemaphore,
  SharedWaitGroup,
  SingleFlight,
  WaitGroup,
} from "./index.ts"

describe("console.log", () => {
  it("shows a lock in one line: who holds it, how many wait", () =>
    run(function* () {
      const mutex = new Mutex()
      expect(inspect({ mutex })).toBe("{ mutex: Mutex (free, 0 waiting) }")
      mutex.tryLock()
      const waiting = go(mutex.lock())
      yield* untilWaiting(waiting)
      expect(inspect(mutex)).toMatch(/^Mutex \(locked by goroutine \d+, 1 waiting\)$/)
      waiting.interrupt()

      const rw = new RWMutex()
      rw.tryRLock()
      rw.tryRLock()
      expect(inspect(rw)).toBe("RWMutex (2 readers, 0 waiting)")

      const semaphore = new Semaphore(3)
      semaphore.tryAcquire(2)
      expect(inspect(semaphore)).toBe("Semaphore (1 of 3 free, 0 waiting)")
      expect(inspect(new Cond(mutex))).toBe("Cond (0 waiting)")
    }))

  it("shows what is waited for in one line: how far it is", () =>
    run(function* () {
      const group = new WaitGroup()
      group.add(3)
      const waiting = go(group.wait())
      yield* untilWaiting(waiting)
      expect(inspect(group)).toBe("WaitGroup (counter 3, 1 waiting)")
      waiting.interrupt()
      expect(inspect(new Latch(2))).toBe("Latch (count 2, 0 waiting)")
      const barrier = new Barrier(2)
      const arrived = go(barrier.wait())
      yield* untilWaiting(arrived)
      expect(inspect(barrier)).toBe("Barrier (1 of 2 arrived)")
      arrived.interrupt()
    }))

  it("shows what runs something in one line: whether it does, and for whom", () =>
    run(function* () {
      const once = new Once()
      expect(inspect(once)).toBe("Once (not begun)")
      const latch = new Latch(1)
      const first = go(
        once.do(function* () {
          yield* latch.wait()
        }),
      )
      yield* untilWaiting(first)
      expect(inspect(once)).toMatch(/^Once \(run by goroutine \d+, 1 waiting\)$/)
      latch.countDown()
      yield* first
      expect(inspect(once)).toBe("Once (done)")

      const errors = new ErrorGroup()
      errors.setLimit(1)
      for (let i = 0; i < 2; i++) errors.go(function* () {})
      expect(inspect(errors)).toBe("ErrorGroup (1 running, 1 queued)")
      yield* errors.wait()

      const flights = new SingleFlight<string, never>()
      const body = function* () {
        return yield* never
      }
      const flying = [go(flights.do("a", body)), go(flights.do("b", body))]
      yield* untilWaiting(...flying)
      flights.forget("a")
      expect(inspect(flights)).toBe("SingleFlight (2 under way)")
      for (const each of flying) each.interrupt()
      expect(inspect(new RateLimiter(10, 2))).toBe("RateLimiter (10 a second, burst 2)")
    }))

  it("shows what is shared between threads in one line, as it is at this moment", () => {
    const mutex = new SharedMutex()
    expect(inspect(mutex)).toBe("SharedMutex (free)")
    mutex.tryLock()
    expect(inspect(mutex)).toBe(`SharedMutex (held by thread ${threadId()})`)
    mutex.threadDied(threadId())
    expect(inspect(mutex)).toBe("SharedMutex (its owner died)")

    const rw = new SharedRWMutex()
    expect(inspect(rw)).toBe("SharedRWMutex (free)")
    rw.tryRLock()
    expect(inspect(rw)).toBe("SharedRWMutex (1 read)")
    rw.runlock()
    rw.tryLock()
    expect(inspect(rw)).toBe("SharedRWMutex (written)")
    rw.threadDied(threadId())
    expect(inspect(rw)).toBe("SharedRWMutex (its writer died)")

    const semaphore = new SharedSemaphore(3)
    semaphore.tryAcquire(2)
    expect(inspect(semaphore)).toBe("SharedSemaphore (1 of 3 free)")
    const group = new SharedWaitGroup()
    group.add(2)
    expect(inspect(group)).toBe("SharedWaitGroup (count 2)")
    expect(inspect(new SharedOnce())).toBe("SharedOnce (not begun)")
    expect(inspect(new SharedCond(mutex))).toBe("SharedCond (0 waiting)")
    expect(inspect(new SharedBarrier(2))).toBe("SharedBarrier (0 of 2 there)")
  })

  it("shows an atomic by its value", () => {
    expect(inspect([new AtomicInt32(-7), new AtomicUint32(7)])).toBe("[ AtomicInt32 (-7), AtomicUint32 (7) ]")
    expect(inspect([new AtomicInt64(-(2n ** 60n)), new AtomicUint64(7)])).toBe(
      "[ AtomicInt64 (-1152921504606846976), AtomicUint64 (7) ]",
    )
    expect(inspect([new AtomicBool(true), new AtomicFloat64(0.5)])).toBe("[ AtomicBool (true), AtomicFloat64 (0.5) ]")
  })

  it.each([
    ["a prototype", Mutex.prototype],
    ["a Proxy", new Proxy(new Mutex(), {})],
    ["what only inherits from one", Object.create(new AtomicInt32()) as object],
  ])("shows %s as the host does", (_what, value) => {
    expect(() => inspect(value)).not.toThrow()
  })
})
