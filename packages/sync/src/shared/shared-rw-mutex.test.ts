import { go, gosched, isFailure, type Op, Panic, run } from "@weft/core"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { parked, untilWaiting } from "../../../core/test/support/idle.ts"
import { sharedLaws } from "../../test/support/shared-laws.ts"
import { UnlockOfUnlocked } from "../unlock-of-unlocked.ts"
import { OwnerDied } from "./owner-died.ts"
import { TooManyReaders } from "./rw-word.ts"
import { SharedRWMutex } from "./shared-rw-mutex.ts"

sharedLaws("SharedRWMutex", {
  words: 3,
  make: () => new SharedRWMutex(),
  at: (buffer, offset) => SharedRWMutex.at(buffer, offset),
  from: (handle) => SharedRWMutex.from(handle),
  change: (rw) => rw.tryLock(),
  state: (rw) => rw.locked,
})

/** Two objects on the same memory, as two threads have them. */
function two(): [SharedRWMutex, SharedRWMutex] {
  const rw = new SharedRWMutex()
  return [rw, SharedRWMutex.from(rw.share())]
}

const State = 1
const Writing = 1 << 27
const stranger = 77_777

const isWriterWaiting = (rw: SharedRWMutex): boolean =>
  (Atomics.load(new Int32Array(rw.share().buffer), State) & (1 << 28)) !== 0

const store = (rw: SharedRWMutex, state: number): void => {
  Atomics.store(new Int32Array(rw.share().buffer), State, state)
}

describe("SharedRWMutex", () => {
  it("is held by many readers at once, on all threads, or by one writer", () =>
    run(function* () {
      const [here, there] = two()
      yield* here.rlock()
      yield* there.rlock()
      expect([here.readers, there.locked, here.tryRLock(), there.tryLock()]).toEqual([2, false, true, false])
      for (const rw of [here, there, there]) rw.runlock()
      yield* here.lock()
      expect([there.readers, there.locked, here.tryRLock(), there.tryLock()]).toEqual([0, true, false, false])
      there.unlock()
      expect([there.tryLock(), here.locked]).toEqual([true, true])
    }))

  it("lets no new reader in while a writer waits on another thread, not by tryRLock either", () =>
    run(function* () {
      const [here, there] = two()
      yield* here.rlock()
      const writing = go(there.lock())
      yield* untilWaiting(writing)
      expect([here.tryRLock(), there.tryRLock()]).toEqual([false, false])
      const reading = go(here.rlock())
      yield* untilWaiting(reading)
      here.runlock()
      yield* writing
      expect([here.locked, reading.status]).toEqual([true, "waiting"])
      there.unlock()
      yield* reading
      expect(here.readers).toBe(1)
    }))

  it("lets the readers in that wait behind a writer which is interrupted", () =>
    run(function* () {
      const [here, there] = two()
      yield* here.rlock()
      const writing = go(there.lock())
      yield* untilWaiting(writing)
      const reading = [go(here.rlock()), go(there.rlock())]
      yield* untilWaiting(...reading)
      writing.interrupt()
      for (const goroutine of reading) yield* goroutine
      expect(here.readers).toBe(3)
    }))

  it("keeps them waiting while another writer waits", () =>
    run(function* () {
      const [here, there] = two()
      yield* here.rlock()
      const writing = [go(there.lock()), go(here.lock())]
      yield* untilWaiting(...writing)
      const reading = go(here.rlock())
      yield* untilWaiting(reading)
      writing[0]!.interrupt()
      // The other one says again that it waits, once it was woken.
      while (!isWriterWaiting(here)) yield* gosched()
      expect([reading.status, here.tryRLock(), there.tryRLock()]).toEqual(["waiting", false, false])
      here.runlock()
      yield* writing[1]!
      here.unlock()
      yield* reading
    }))

  it("keeps them waiting though a writer leaves who stood behind a reader: another thread's says again that he waits", () =>
    run(function* () {
      const [here, there] = two()
      yield* here.rlock()
      const writing = go(here.lock())
      yield* untilWaiting(writing)
      const reading = yield* parked(go(there.rlock()))
      const leaving = yield* parked(go(there.lock()))
      leaving.interrupt()
      while (!isWriterWaiting(here)) yield* gosched()
      expect([reading.status, there.tryRLock()]).toEqual(["waiting", false])
      here.runlock()
      yield* writing
      here.unlock()
      yield* reading
    }))

  it("excludes writers from readers, and from each other, on two threads of four goroutines", () =>
    run(function* () {
      const inside = { r: 0, w: 0 }
      const all = two().flatMap((rw) =>
        (["r", "w", "r", "w"] as const).map((role) =>
          go(function* () {
            for (let i = 0; i < 20; i++) {
              yield* role === "r" ? rw.rlock() : rw.lock()
              inside[role]++
              expect(inside.w).toBeLessThanOrEqual(inside.r === 0 ? 1 : 0)
              yield* gosched()
              inside[role]--
              if (role === "r") rw.runlock()
              else rw.unlock()
            }
          }),
        ),
      )
      for (const goroutine of all) yield* goroutine
    }))

  it("says who holds it, to one that waits", () =>
    run(function* () {
      const rw = new SharedRWMutex()
      rw.tryRLock()
      rw.tryRLock()
      const writing = go(rw.lock())
      yield* untilWaiting(writing)
      expect(writing.waitDetail).toBe("a shared RWMutex (2 read)")
      const reading = go(rw.rlock())
      yield* untilWaiting(reading)
      rw.runlock()
      rw.runlock()
      yield* writing
      expect(reading.waitDetail).toBe("a shared RWMutex (written)")
      rw.unlock()
      yield* reading
    }))

  it("panics when nobody holds it that way, and changes nothing", () => {
    const rw = new SharedRWMutex()
    expect(() => rw.unlock()).toThrow("sync: Unlock of unlocked RWMutex (SharedRWMutex.unlock); unlock what is locked")
    expect(() => rw.runlock()).toThrow("sync: RUnlock of unlocked RWMutex (SharedRWMutex.runlock)")
    rw.tryRLock()
    expect(() => rw.unlock()).toThrow(UnlockOfUnlocked)
    rw.runlock()
    rw.tryLock()
    expect(() => rw.runlock()).toThrow(UnlockOfUnlocked)
    rw.unlock()
    expect([rw.locked, rw.readers]).toEqual([false, 0])
  })

  it("panics with more readers than its word can count", () =>
    run(function* () {
      const rw = new SharedRWMutex()
      store(rw, 0xffffff)
      expect(() => rw.tryRLock()).toThrow(TooManyReaders)
      const error = yield* thrownBy(rw.rlock())
      expect(error).toBeInstanceOf(Panic)
      expect((error as Error).message).toBe(
        "sync: SharedRWMutex holds 16777215 readers already; bound the goroutines that read at once",
      )
      expect(rw.readers).toBe(0xffffff)
    }))
})

describe("guards of a SharedRWMutex", () => {
  it("unlock once, and not what another writer has locked since, here or on another thread", () =>
    run(function* () {
      const [here, there] = two()
      for (const unlocker of [here, there]) {
        const first = yield* here.lock()
        unlocker.unlock()
        first[Symbol.dispose]()
        for (const rw of [here, there]) {
          const guard = yield* rw.lock()
          first[Symbol.dispose]()
          expect(here.locked).toBe(true)
          guard[Symbol.dispose]()
        }
        expect(here.locked).toBe(false)
      }
    }))

  it("of two readers each ends its own reading, once", () =>
    run(function* () {
      const rw = new SharedRWMutex()
      const [first, second] = [yield* rw.rlock(), yield* rw.rlock()]
      first[Symbol.dispose]()
      first[Symbol.dispose]()
      expect(rw.readers).toBe(1)
      second[Symbol.dispose]()
      expect(rw.readers).toBe(0)
    }))

  it("end what withLock and withRLock began, however the body ends", () =>
    run(function* () {
      const [rw, there] = two()
      const boom = (): never => {
        throw new Error("boom")
      }
      expect(yield* rw.withLock(() => there.locked)).toBe(true)
      expect(yield* rw.withRLock(() => there.readers)).toBe(1)
      expect(String(yield* thrownBy(rw.withLock(boom)))).toBe("Error: boom")
      expect(String(yield* thrownBy(rw.withRLock(boom)))).toBe("Error: boom")
      expect([rw.locked, rw.readers]).toEqual([false, 0])
    }))
})

it("the read side of a SharedRWMutex is a lock, the same each time", () =>
  run(function* () {
    const rw = new SharedRWMutex()
    const locker = rw.rlocker()
    expect(rw.rlocker()).toBe(locker)
    yield* locker.lock()
    expect(rw.readers).toBe(1)
    locker.unlock()
    expect(rw.readers).toBe(0)
  }))

describe("the end of a thread that writes under a SharedRWMutex", () => {
  it("fails readers and writers, until one has recovered it", () =>
    run(function* () {
      const [here, there] = two()
      store(here, Writing | stranger)
      const waiting = [go(here.rlock()), go(there.lock()), go(there.rlock())]
      yield* untilWaiting(...waiting)
      there.threadDied(stranger)
      for (const goroutine of waiting) {
        const error = yield* thrownBy(goroutine.join())
        expect([error instanceof OwnerDied, isFailure(error)]).toEqual([true, true])
      }
      expect([here.tryLock(), here.tryRLock(), here.locked]).toEqual([false, false, false])
      const error = (yield* thrownBy(here.rlock())) as OwnerDied
      using _ = yield* error.lock.recover() as Op<Disposable>
      expect([error.lock, there.locked]).toEqual([here, true])
      here.unlock()
      expect(there.tryRLock()).toBe(true)
    }))

  it("lets the one who waits to recover it go on", () =>
    run(function* () {
      const rw = new SharedRWMutex()
      store(rw, Writing | stranger)
      const [reading, recovering] = [go(rw.rlock()), go(rw.recover())]
      yield* untilWaiting(reading, recovering)
      expect(recovering.waitReason).toBe("sync.SharedRWMutex.Recover")
      rw.threadDied(stranger)
      expect(yield* thrownBy(reading.join())).toBeInstanceOf(OwnerDied)
      yield* recovering
      expect(rw.locked).toBe(true)
    }))

  it("changes nothing for others: who reads holds it on, who writes on another thread, too", () => {
    const rw = new SharedRWMutex()
    rw.tryRLock()
    rw.threadDied(stranger)
    expect(rw.readers).toBe(1)
    rw.runlock()
    rw.tryLock()
    rw.threadDied(stranger)
    expect(rw.locked).toBe(true)
  })

  it("frees readers from a writer that waited on it", () =>
    run(function* () {
      const rw = new SharedRWMutex()
      rw.tryRLock()
      // One reader, and WRITER_WAITS of a thread that is gone.
      store(rw, 1 | (1 << 28))
      const reading = go(rw.rlock())
      yield* untilWaiting(reading)
      rw.threadDied(stranger)
      yield* reading
      expect(rw.readers).toBe(2)
    }))

  it("is an Effect's failure", async () => {
    const rw = new SharedRWMutex()
    store(rw, Writing | stranger)
    rw.threadDied(stranger)
    expect(await Effect.runPromise(Effect.flip(rw.rlock()))).toBeInstanceOf(OwnerDied)
  })
})
