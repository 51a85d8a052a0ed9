import { go, type Goroutine, gosched, never, run, threadId } from "@weft/core"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { parked, untilWaiting } from "../../../core/test/support/idle.ts"
import { sharedLaws } from "../../test/support/shared-laws.ts"
import { InvalidAmount } from "../invalid-amount.ts"
import { ReleasedMoreThanHeld } from "../semaphore.ts"
import { SharedSemaphore } from "./shared-semaphore.ts"
import { SharedSizeMismatch } from "./shared-size-mismatch.ts"

sharedLaws("SharedSemaphore", {
  words: 4,
  make: () => new SharedSemaphore(3),
  at: (buffer, offset) => SharedSemaphore.at(3, buffer, offset),
  from: (handle) => SharedSemaphore.from(handle),
  change: (semaphore) => semaphore.tryAcquire(2),
  state: (semaphore) => semaphore.free,
})

/** Two objects on the same memory, as two threads have them. */
function two(size: number): [SharedSemaphore, SharedSemaphore] {
  const semaphore = new SharedSemaphore(size)
  return [semaphore, SharedSemaphore.from(semaphore.share())]
}

const [State, Claimant, Waiters, Reserved] = [1, 2, 1 << 24, 1 << 25] as const

describe("SharedSemaphore", () => {
  it("gives permits while there are enough on all threads together", () =>
    run(function* () {
      const [here, there] = two(5)
      expect([there.size, there.free]).toEqual([5, 5])
      yield* here.acquire(2)
      expect([there.tryAcquire(4), there.tryAcquire(3), here.free]).toEqual([false, true, 0])
      expect([here.tryAcquire(), here.tryAcquire(0)]).toEqual([false, true])
      here.release(4)
      expect([here.free, there.free, there.tryAcquire(4)]).toEqual([4, 4, true])
    }))

  it("has never more held than there are, on two threads of three weights", () =>
    run(function* () {
      let held = 0
      const all: Array<Goroutine<void>> = []
      for (const semaphore of two(4))
        for (const k of [1, 2, 4])
          all.push(
            go(function* () {
              for (let i = 0; i < 20; i++) {
                yield* semaphore.acquire(k)
                held += k
                expect(held).toBeLessThanOrEqual(4)
                if (i % 2 === 0) yield* gosched()
                held -= k
                semaphore.release(k)
              }
            }),
          )
      for (const goroutine of all) yield* goroutine
    }))

  it("serves those of a thread in order: a large front waiter holds back small ones and tryAcquire", () =>
    run(function* () {
      const semaphore = new SharedSemaphore(3)
      yield* semaphore.acquire(2)
      const large = yield* parked(go(semaphore.acquire(3)))
      const small = yield* parked(go(semaphore.acquire(1)))
      expect([semaphore.free, semaphore.tryAcquire()]).toEqual([1, false])
      semaphore.release(2)
      yield* large
      expect(small.status).toBe("waiting")
      semaphore.release(3)
      yield* small
    }))

  it("serves, by one release of many, those of several threads", () =>
    run(function* () {
      const [here, there] = two(3)
      yield* here.acquire(3)
      const waiting = [go(there.acquire()), go(here.acquire()), go(there.acquire())]
      yield* untilWaiting(...waiting)
      here.release(3)
      for (const goroutine of waiting) yield* goroutine
      expect(here.free).toBe(0)
    }))

  it("lets those behind an interrupted front waiter go on", () =>
    run(function* () {
      const [here, there] = two(2)
      yield* there.acquire(1)
      const large = yield* parked(go(here.acquire(2)))
      const small = yield* parked(go(here.acquire(1)))
      large.interrupt()
      yield* small
      expect(there.free).toBe(0)
    }))

  it("lets another thread's waiter have what one leaves that was woken for it", () =>
    run(function* () {
      const [here, there] = two(2)
      const third = SharedSemaphore.from(here.share())
      yield* third.acquire(2)
      const large = yield* parked(go(here.acquire(2)))
      const small = yield* parked(go(there.acquire(1)))
      // Wakes the thread of the large one, which it is not enough for: it says again that it waits.
      third.release(1)
      const words = new Int32Array(here.share().buffer)
      while ((words[State]! & Waiters) === 0) yield* gosched()
      large.interrupt()
      yield* small
      expect(here.free).toBe(0)
    }))

  it("makes who wants more than the size wait until cancelled, and holds nobody back for it", () =>
    run(function* () {
      const semaphore = new SharedSemaphore(2)
      const impossible = go(semaphore.acquire(3))
      yield* untilWaiting(impossible)
      yield* semaphore.acquire(2)
      impossible.interrupt()
      semaphore.release(2)
      expect(semaphore.free).toBe(2)
    }))

  it("refuses a release of more than is held, and keeps its count", () => {
    const [here, there] = two(3)
    here.tryAcquire(2)
    expect(() => there.release(3)).toThrow(ReleasedMoreThanHeld)
    expect(() => there.release(3)).toThrow("semaphore: released more than held (3 of 2)")
    expect(here.free).toBe(1)
    there.release(2)
    expect(() => here.release()).toThrow(ReleasedMoreThanHeld)
  })

  it("refuses numbers that are none, and more permits than its word can count", () => {
    for (const bad of [-1, 0.5, Number.NaN]) {
      expect(() => new SharedSemaphore(bad)).toThrow(InvalidAmount)
      for (const call of ["acquire", "tryAcquire", "release"] as const)
        expect(() => new SharedSemaphore(3)[call](bad), call).toThrow(InvalidAmount)
    }
    expect(() => new SharedSemaphore(0x1000000)).toThrow(
      "semaphore: size > 16777215 (16777216); pass a whole number from 0 to 16777215",
    )
    expect(new SharedSemaphore(0xffffff).tryAcquire(0xffffff)).toBe(true)
  })

  it("refuses memory that has one of another size, and says which", () => {
    const { buffer, offset } = new SharedSemaphore(3).share()
    expect(() => SharedSemaphore.at(4, buffer, offset)).toThrow(SharedSizeMismatch)
    expect(() => SharedSemaphore.at(4, buffer, offset)).toThrow(
      "sync: this SharedSemaphore was made with 3, not 4; make it once and attach it by SharedSemaphore.from(handle)",
    )
    expect(SharedSemaphore.at(3, buffer, offset).size).toBe(3)
    const none = new SharedSemaphore(0)
    expect(SharedSemaphore.from(none.share()).size).toBe(0)
  })
})

describe("permits of a SharedSemaphore", () => {
  it("are released at the end of a block, for using, and once only", () =>
    run(function* () {
      const semaphore = new SharedSemaphore(3)
      {
        using permits = yield* semaphore.acquire(2)
        expect(semaphore.free).toBe(1)
        permits[Symbol.dispose]()
        expect(semaphore.free).toBe(3)
        yield* semaphore.acquire(1)
      }
      expect(semaphore.free).toBe(2)
    }))

  it("are released after withPermits, however its body ends", () =>
    run(function* () {
      const [here, there] = two(3)
      expect(yield* here.withPermits(2, () => there.free)).toBe(1)
      const boom = new Error("boom")
      const throwing = here.withPermits(3, function* () {
        yield* gosched()
        throw boom
      })
      expect(yield* thrownBy(throwing)).toBe(boom)
      const goroutine = go(function* () {
        yield* here.withPermits(1, function* () {
          yield* never
        })
      })
      yield* untilWaiting(goroutine)
      expect(there.free).toBe(2)
      goroutine.interrupt()
      yield* thrownBy(goroutine.join())
      expect(there.free).toBe(3)
    }))

  it("are lost with the thread that held them, until somebody releases them in its stead", () =>
    run(function* () {
      const [here, there] = two(1)
      there.tryAcquire()
      here.threadDied(77_777)
      expect(here.free).toBe(0)
      const waiting = go(here.acquire())
      yield* untilWaiting(waiting)
      here.release()
      yield* waiting
    }))

  it("are reserved no more for a thread that has ended", () =>
    run(function* () {
      const semaphore = new SharedSemaphore(1)
      const words = new Int32Array(semaphore.share().buffer)
      words[State] = Reserved
      words[Claimant] = 77_777
      expect(semaphore.tryAcquire()).toBe(false)
      const waiting = go(semaphore.acquire())
      yield* untilWaiting(waiting)
      semaphore.threadDied(77_777)
      yield* waiting
      expect([words[Claimant], semaphore.free]).toEqual([0, 0])
    }))

  it("are reserved no more for one who leaves, and the next may claim them", () =>
    run(function* () {
      const [here, there] = two(2)
      const words = new Int32Array(here.share().buffer)
      yield* there.acquire(2)
      for (let i = 0; i < 2; i++) {
        const large = go(here.acquire(2))
        yield* untilWaiting(large)
        // Each time it is woken in vain.
        while ((words[State]! & Reserved) === 0) {
          there.release(1)
          yield* gosched()
          there.tryAcquire(1)
        }
        expect(words[Claimant]).toBe(threadId())
        large.interrupt()
        expect([words[Claimant], words[State]! & Reserved]).toEqual([0, 0])
        if (there.free === 1) yield* there.acquire(1)
      }
    }))
})
