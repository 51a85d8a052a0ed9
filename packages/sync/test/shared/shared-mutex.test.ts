import { chan } from "@weft/channels"
import { go, type Goroutine, gosched, isFailure, never, type Op, Panic, run, scope, threadId } from "@weft/core"
import { Effect, Fiber } from "effect"
import { describe, expect, it } from "vitest"
import { promised } from "../../../core/test/support/promised.ts"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { parked, untilWaiting } from "../../../core/test/support/idle.ts"
import { sharedLaws } from "../support/shared-laws.ts"
import { UnlockOfUnlocked } from "../../src/unlock-of-unlocked.ts"
import { OwnerDied } from "../../src/shared/owner-died.ts"
import { SharedMutex } from "../../src/shared/shared-mutex.ts"

sharedLaws("SharedMutex", {
  words: 3,
  make: () => new SharedMutex(),
  at: (buffer, offset) => SharedMutex.at(buffer, offset),
  from: (handle) => SharedMutex.from(handle),
  change: (mutex) => mutex.tryLock(),
  state: (mutex) => mutex.locked,
})

/** Two objects on the same memory: as two threads have them, though both are of one here. */
function two(): [SharedMutex, SharedMutex] {
  const mutex = new SharedMutex()
  return [mutex, SharedMutex.from(mutex.share())]
}

/** Locks, says so, and keeps it for one yield. */
function* holder(mutex: SharedMutex, name: string, log: Array<string>): Generator<Op<unknown, unknown>, void, unknown> {
  yield* mutex.lock() as Op<unknown>
  log.push(name)
  yield* gosched()
  mutex.unlock()
}

/** As if another thread held it: one whose number is this. */
const owned = (mutex: SharedMutex, thread: number): void => {
  const { buffer } = mutex.share()
  Atomics.store(new Int32Array(buffer), 1, thread)
}
const stranger = 77_777

describe("SharedMutex", () => {
  it("is free when made, held from lock to unlock on all threads, and free again", () =>
    run(function* () {
      const [here, there] = two()
      expect([here.locked, there.locked]).toEqual([false, false])
      yield* here.lock()
      expect([here.locked, there.locked, there.tryLock()]).toEqual([true, true, false])
      here.unlock()
      expect([here.locked, there.locked, there.tryLock()]).toEqual([false, false, true])
    }))

  it("has one holder at a time, on two threads of three goroutines", () =>
    run(function* () {
      const all: Array<Goroutine<void>> = []
      let [holders, holds] = [0, 0]
      for (const mutex of two())
        for (let i = 0; i < 3; i++)
          all.push(
            go(function* () {
              for (let j = 0; j < 20; j++) {
                yield* mutex.lock()
                expect(++holders).toBe(1)
                if ((i + j) % 2 === 0) yield* gosched()
                holders--
                holds++
                mutex.unlock()
              }
            }),
          )
      for (const goroutine of all) yield* goroutine
      expect(holds).toBe(120)
    }))

  it("serves those of a thread in the order in which they came, and hands over without letting go", () =>
    run(function* () {
      const [mutex, there] = two()
      const log: Array<string> = []
      yield* mutex.lock()
      const waiting: Array<Goroutine<void, unknown>> = []
      for (const name of ["a", "b", "c", "d"]) waiting.push(yield* parked(go(holder, mutex, name, log)))
      mutex.unlock()
      expect([mutex.locked, mutex.tryLock(), there.tryLock()]).toEqual([true, false, false])
      for (const goroutine of waiting) yield* goroutine
      expect([log, mutex.locked]).toEqual([["a", "b", "c", "d"], false])
    }))

  it("hands over 16 times in a row, then the thread that has waited longest goes on", () =>
    run(function* () {
      const [mutex, there] = two()
      const log: Array<string> = []
      yield* mutex.lock()
      const other = go(holder, there, "other", log)
      yield* untilWaiting(other)
      const waiting = Array.from({ length: 60 }, (_, i) => go(holder, mutex, `${i}`, log))
      yield* untilWaiting(...waiting)
      mutex.unlock()
      for (const goroutine of [...waiting, other]) yield* goroutine
      expect(log.indexOf("other")).toBe(16)
    }))

  it("is not taken past one of the same thread who has not heard yet that it is free", () =>
    run(function* () {
      const [here, there] = two()
      const log: Array<string> = []
      there.tryLock()
      const waiting = go(holder, here, "waited", log)
      yield* untilWaiting(waiting)
      there.unlock()
      expect([here.locked, here.tryLock()]).toEqual([false, false])
      yield* holder(here, "came later", log)
      yield* waiting
      expect(log).toEqual(["waited", "came later"])
    }))

  it("may be unlocked by any thread", () =>
    run(function* () {
      const [here, there] = two()
      yield* here.lock()
      const waiting = go(here.lock())
      yield* untilWaiting(waiting)
      there.unlock()
      yield* waiting
      expect(here.locked).toBe(true)
    }))

  it("is locked once for each commit of one op", () =>
    run(function* () {
      const mutex = new SharedMutex()
      const lock = mutex.lock()
      const waiting = [go(lock), go(lock)]
      yield* lock
      yield* untilWaiting(...waiting)
      for (const goroutine of waiting) {
        mutex.unlock()
        yield* goroutine
        expect(mutex.locked).toBe(true)
      }
      mutex.unlock()
      expect(mutex.locked).toBe(false)
    }))

  it("panics when nobody holds it, and changes nothing", () =>
    run(function* () {
      const mutex = new SharedMutex()
      expect(() => mutex.unlock()).toThrow(UnlockOfUnlocked)
      expect(() => mutex.unlock()).toThrow(
        "sync: unlock of unlocked mutex (SharedMutex.unlock); unlock what is locked, once",
      )
      yield* mutex.lock()
      mutex.unlock()
      expect(() => mutex.unlock()).toThrow(Panic)
      expect(mutex.tryLock()).toBe(true)
    }))

  it("says which thread holds it, to one that waits and to a report", () =>
    run(function* () {
      const mutex = new SharedMutex()
      yield* mutex.lock()
      const waiting = go(mutex.lock())
      yield* untilWaiting(waiting)
      expect([waiting.waitReason, waiting.waitDetail]).toEqual([
        "sync.SharedMutex.Lock",
        `a shared mutex (held by thread ${threadId()})`,
      ])
      mutex.unlock()
      yield* waiting
    }))

  it("is had by one that got it and is interrupted before it runs, up to its next op", () =>
    run(function* () {
      const mutex = new SharedMutex()
      const log: Array<string> = []
      yield* mutex.lock()
      const waiting = go(function* () {
        using _ = yield* mutex.lock()
        log.push(`locked: ${mutex.locked}`)
        yield* gosched()
        log.push("never")
      })
      yield* untilWaiting(waiting)
      mutex.unlock()
      waiting.interrupt()
      yield* thrownBy(waiting.join())
      expect([log, mutex.locked]).toEqual([["locked: true"], false])
    }))
})

describe("a SharedMutex's guard", () => {
  it("unlocks at the end of a block, for using, however it ends", () =>
    run(function* () {
      const mutex = new SharedMutex()
      {
        using _ = yield* mutex.lock()
        expect(mutex.locked).toBe(true)
      }
      expect(mutex.locked).toBe(false)
      const error = yield* thrownBy(
        scope(function* () {
          using _ = yield* mutex.lock()
          throw new Error("boom")
        }),
      )
      expect([(error as Error).message, mutex.locked]).toEqual(["boom", false])
    }))

  it("unlocks once, and not what somebody else has locked since", () =>
    run(function* () {
      const [here, there] = two()
      const first = yield* here.lock()
      first[Symbol.dispose]()
      first[Symbol.dispose]()
      expect(here.locked).toBe(false)
      for (const mutex of [here, there]) {
        const guard = yield* mutex.lock()
        first[Symbol.dispose]()
        expect(mutex.locked).toBe(true)
        guard[Symbol.dispose]()
        expect(mutex.locked).toBe(false)
      }
    }))

  it("does nothing once its lock was unlocked by hand, here or on another thread, whoever has it now", () =>
    run(function* () {
      const [here, there] = two()
      for (const unlocker of [here, there]) {
        const first = yield* here.lock()
        unlocker.unlock()
        const second = yield* here.lock()
        first[Symbol.dispose]()
        expect(here.locked).toBe(true)
        second[Symbol.dispose]()
        expect(here.locked).toBe(false)
      }
    }))

  it("does nothing where another thread holds it", () =>
    run(function* () {
      const mutex = new SharedMutex()
      const guard = yield* mutex.lock()
      owned(mutex, stranger)
      guard[Symbol.dispose]()
      expect(mutex.locked).toBe(true)
    }))
})

describe("withLock of a SharedMutex", () => {
  it("holds the lock while its body runs, plain or a generator, and gives what that returns", () =>
    run(function* () {
      const [mutex, there] = two()
      expect(yield* mutex.withLock(() => there.locked)).toBe(true)
      const inBody = yield* mutex.withLock(function* () {
        yield* gosched()
        return there.tryLock()
      })
      expect([inBody, there.locked]).toEqual([false, false])
    }))

  it("unlocks however its body ends: it throws, its goroutine or its fiber is interrupted", () =>
    run(function* () {
      const mutex = new SharedMutex()
      const boom = new Error("boom")
      expect(
        yield* thrownBy(
          mutex.withLock(() => {
            throw boom
          }),
        ),
      ).toBe(boom)
      expect(mutex.locked).toBe(false)
      const begun = chan<void>()
      const waits = mutex.withLock(function* () {
        yield* begun.send()
        yield* never
      })
      const goroutine = go(function* () {
        yield* waits
      })
      yield* begun.receive()
      goroutine.interrupt()
      yield* thrownBy(goroutine.join())
      expect(mutex.locked).toBe(false)
      const fiber = Effect.runFork(waits)
      yield* begun.receive()
      expect(mutex.locked).toBe(true)
      yield* Fiber.interrupt(fiber)
      expect(mutex.locked).toBe(false)
    }))
})

describe("the end of a thread that holds a SharedMutex", () => {
  it("fails whoever waits, and whoever comes, until somebody has recovered it", () =>
    run(function* () {
      const [here, there] = two()
      owned(here, stranger)
      const waiting = [here, there, here].map((mutex) => go(mutex.lock()))
      yield* untilWaiting(...waiting)
      there.threadDied(stranger)
      for (const goroutine of waiting) {
        const error = yield* thrownBy(goroutine.join())
        expect([error instanceof OwnerDied, isFailure(error)]).toEqual([true, true])
      }
      expect([here.locked, here.tryLock(), there.tryLock()]).toEqual([false, false, false])
      const error = (yield* thrownBy(here.lock())) as OwnerDied
      expect(error.message).toBe(
        "sync: the thread that held this lock has ended; lock it by recover(), mend what it guards, and unlock it as usual",
      )
      expect(error.lock).toBe(here)
      using _ = yield* error.lock.recover() as Op<Disposable>
      expect([here.locked, there.tryLock()]).toEqual([true, false])
      here.unlock()
      expect(there.tryLock()).toBe(true)
    }))

  it("lets the one of those who wait go on who would recover it", () =>
    run(function* () {
      const mutex = new SharedMutex()
      owned(mutex, stranger)
      const [lock, recover] = [go(mutex.lock()), go(mutex.recover())]
      yield* untilWaiting(lock, recover)
      expect([lock.waitReason, recover.waitReason]).toEqual(["sync.SharedMutex.Lock", "sync.SharedMutex.Recover"])
      mutex.threadDied(stranger)
      expect(yield* thrownBy(lock.join())).toBeInstanceOf(OwnerDied)
      const guard = yield* recover
      expect(mutex.locked).toBe(true)
      guard[Symbol.dispose]()
      expect(mutex.locked).toBe(false)
    }))

  it("is an Effect's failure, and a promise's rejection", async () => {
    const mutex = new SharedMutex()
    owned(mutex, stranger)
    mutex.threadDied(stranger)
    const exit = await Effect.runPromise(Effect.flip(mutex.lock()))
    expect(exit).toBeInstanceOf(OwnerDied)
    await expect(mutex.lock().promise()).rejects.toBeInstanceOf(OwnerDied)
  })

  it("changes nothing where another thread holds it, or none does", () =>
    run(function* () {
      const mutex = new SharedMutex()
      mutex.threadDied(stranger)
      expect(mutex.tryLock()).toBe(true)
      mutex.threadDied(stranger)
      expect(mutex.locked).toBe(true)
      mutex.unlock()
      yield* mutex.lock()
    }))

  it("is recovered as it is locked where nobody has died", () =>
    run(function* () {
      const mutex = new SharedMutex()
      const guard = yield* mutex.recover()
      const waiting = go(mutex.recover())
      yield* untilWaiting(waiting)
      guard[Symbol.dispose]()
      yield* waiting
      expect(mutex.locked).toBe(true)
    }))
})

it("a lock that a promise holds is handed to a goroutine, and back", async () => {
  const [here, there] = two()
  const guard = await here.lock().promise()
  const { promise, resolve } = promised<void>()
  const running = run(function* () {
    using _ = yield* there.lock()
    yield* Effect.promise(() => promise)
  })
  guard[Symbol.dispose]()
  while (!here.locked) await run(gosched())
  const again = here.lock().promise()
  resolve()
  await running
  ;(await again)[Symbol.dispose]()
  expect(there.locked).toBe(false)
})
