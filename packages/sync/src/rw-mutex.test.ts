import { go, type Goroutine, gosched, never, type Op, Panic, run } from "@weft/core"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../core/test/support/thrown-by.ts"
import { underSchedules } from "../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { RWMutex } from "./rw-mutex.ts"
import { UnlockOfUnlocked } from "./unlock-of-unlocked.ts"

/** Reads or writes, says so, and goes on when told to. */
function start(rw: RWMutex, name: string, log: Array<string>): Goroutine<void> {
  return go.named(name, function* () {
    yield* name.startsWith("w") ? rw.lock() : rw.rlock()
    log.push(name)
  })
}

describe("RWMutex", () => {
  it("is held by many readers at once, or by one writer", () =>
    run(function* () {
      const rw = new RWMutex()
      yield* rw.rlock()
      yield* rw.rlock()
      expect([rw.readers, rw.locked, rw.tryLock(), rw.tryRLock()]).toEqual([2, false, false, true])
      for (let i = 0; i < 3; i++) rw.runlock()
      yield* rw.lock()
      expect([rw.readers, rw.locked, rw.tryLock(), rw.tryRLock()]).toEqual([0, true, false, false])
      rw.unlock()
      expect([rw.tryLock(), rw.locked]).toEqual([true, true])
    }))

  underSchedules("never has a writer beside anybody", function* () {
    const rw = new RWMutex()
    let readers = 0
    let writers = 0
    let most = 0
    const all: Array<Goroutine<void>> = []
    for (let i = 0; i < 6; i++) {
      const isWriter = i % 3 === 0
      all.push(
        go(function* () {
          for (let j = 0; j < 4; j++) {
            yield* isWriter ? rw.lock() : rw.rlock()
            if (isWriter) writers++
            else readers++
            expect(writers === 0 || (writers === 1 && readers === 0)).toBe(true)
            most = Math.max(most, readers)
            yield* gosched()
            if (isWriter) writers--
            else readers--
            if (isWriter) rw.unlock()
            else rw.runlock()
          }
        }),
      )
    }
    for (const goroutine of all) yield* goroutine
    expect(most).toBeGreaterThan(1)
    expect([rw.readers, rw.locked]).toEqual([0, false])
  })

  it("lets no new reader in while a writer waits, not by tryRLock either", () =>
    runVirtual(function* () {
      const rw = new RWMutex()
      const log: Array<string> = []
      yield* rw.rlock()
      start(rw, "writer", log)
      yield* waitIdle()
      start(rw, "reader", log)
      yield* waitIdle()
      expect([log, rw.tryRLock()]).toEqual([[], false])
      rw.runlock()
      yield* waitIdle()
      expect(log).toEqual(["writer"])
      rw.unlock()
      yield* waitIdle()
      expect(log).toEqual(["writer", "reader"])
    }))

  it("goes after a writer to all readers that wait by then, and then to the next writer, in order", () =>
    runVirtual(function* () {
      const rw = new RWMutex()
      const log: Array<string> = []
      yield* rw.lock()
      for (const name of ["w1", "r1", "w2", "r2", "r3"]) {
        start(rw, name, log)
        yield* waitIdle()
      }
      rw.unlock()
      yield* waitIdle()
      expect([log, rw.readers]).toEqual([["r1", "r2", "r3"], 3])
      // Behind the writers that wait.
      start(rw, "r4", log)
      yield* waitIdle()
      for (let i = 0; i < 3; i++) rw.runlock()
      yield* waitIdle()
      expect(log).toEqual(["r1", "r2", "r3", "w1"])
      rw.unlock()
      yield* waitIdle()
      expect(log).toEqual(["r1", "r2", "r3", "w1", "r4"])
      rw.runlock()
      yield* waitIdle()
      expect(log).toEqual(["r1", "r2", "r3", "w1", "r4", "w2"])
    }))

  it("lets the readers in that wait behind a writer which is interrupted", () =>
    runVirtual(function* () {
      const rw = new RWMutex()
      const log: Array<string> = []
      yield* rw.rlock()
      const [writer] = [start(rw, "writer", log)]
      yield* waitIdle()
      start(rw, "r1", log)
      start(rw, "r2", log)
      yield* waitIdle()
      expect(log).toEqual([])
      writer.interrupt()
      yield* waitIdle()
      expect([log, rw.readers]).toEqual([["r1", "r2"], 3])
    }))

  it("keeps them waiting while another writer does, and while one writes", () =>
    runVirtual(function* () {
      const rw = new RWMutex()
      const log: Array<string> = []
      yield* rw.rlock()
      const writers = [start(rw, "w1", log), start(rw, "w2", log)]
      yield* waitIdle()
      start(rw, "r1", log)
      yield* waitIdle()
      writers[0]!.interrupt()
      yield* waitIdle()
      expect(log).toEqual([])
      rw.runlock()
      const third = start(rw, "w3", log)
      yield* waitIdle()
      third.interrupt()
      yield* waitIdle()
      expect(log).toEqual(["w2"])
      rw.unlock()
      yield* waitIdle()
      expect(log).toEqual(["w2", "r1"])
    }))

  it("is not lost by a reader or a writer that is interrupted while it waits", () =>
    runVirtual(function* () {
      const rw = new RWMutex()
      const log: Array<string> = []
      yield* rw.lock()
      const waiting = ["r1", "w1", "r2", "w2"].map((name) => start(rw, name, log))
      yield* waitIdle()
      waiting[0]!.interrupt()
      waiting[1]!.interrupt()
      rw.unlock()
      yield* waitIdle()
      expect([log, rw.readers]).toEqual([["r2"], 1])
      rw.runlock()
      yield* waitIdle()
      expect(log).toEqual(["r2", "w2"])
    }))

  it("lets in no writer between readers whose fibers have read by the time the next one is let in", () =>
    run(function* () {
      const rw = new RWMutex()
      const log: Array<string> = []
      const read = (name: string) =>
        Effect.map(rw.rlock(), (guard) => {
          log.push(`${name}, writer: ${rw.locked}`)
          guard[Symbol.dispose]()
        })
      yield* rw.lock()
      const all = [go(read("r1")), go(read("r2")), go(rw.withLock(() => log.push("writer")))]
      for (let i = 0; i < 10; i++) yield* gosched()
      rw.unlock()
      for (const goroutine of all) yield* goroutine
      expect([log, rw.readers, rw.locked]).toEqual([["r1, writer: false", "r2, writer: false", "writer"], 0, false])
    }))

  it("lets a writer in before a fiber that reads again and again", () =>
    run(function* () {
      const rw = new RWMutex()
      let reads = 0
      const reader = Effect.gen(function* () {
        for (; reads < 100; reads++) {
          const guard = yield* rw.rlock()
          guard[Symbol.dispose]()
        }
      })
      yield* rw.lock()
      const all = [
        go(reader),
        go(function* () {
          yield* rw.withLock(() => {
            expect(reads).toBeLessThanOrEqual(1)
          })
        }),
      ]
      for (let i = 0; i < 10; i++) yield* gosched()
      rw.unlock()
      for (const goroutine of all) yield* goroutine
      expect(reads).toBe(100)
    }))

  it("says who holds it, and how many wait", () =>
    runVirtual(function* () {
      const rw = new RWMutex()
      yield* rw.rlock()
      const writer = go(rw.lock())
      const reader = go(rw.rlock())
      yield* waitIdle()
      expect([writer.waitReason, writer.waitDetail]).toEqual(["sync.RWMutex.Lock", "an RWMutex (1 reader, 2 waiting)"])
      expect(reader.waitReason).toBe("sync.RWMutex.RLock")
      rw.runlock()
      yield* waitIdle()
      expect(reader.waitDetail).toBe(`an RWMutex (written by goroutine ${writer.id}, 1 waiting)`)
      expect(reader.suspendedAt!.wakers).toEqual([writer.id])
      rw.unlock()
    }))

  it("panics when nobody holds it that way, and changes nothing", () => {
    const rw = new RWMutex()
    const thrown = (f: () => void): unknown => {
      try {
        f()
      } catch (error) {
        return error
      }
      return undefined
    }
    for (const lock of [() => undefined, () => rw.tryRLock()]) {
      lock()
      expect(thrown(() => rw.unlock())).toMatchObject({
        name: "UnlockOfUnlocked",
        message: "sync: Unlock of unlocked RWMutex (RWMutex.unlock); unlock what is locked, once",
        fields: { call: "RWMutex.unlock" },
      })
    }
    rw.runlock()
    for (const lock of [() => undefined, () => rw.tryLock()]) {
      lock()
      const error = thrown(() => rw.runlock())
      expect(error).toBeInstanceOf(UnlockOfUnlocked)
      expect(error).toBeInstanceOf(Panic)
      expect(error).toMatchObject({
        message: "sync: RUnlock of unlocked RWMutex (RWMutex.runlock); unlock what is locked, once",
        fields: { call: "RWMutex.runlock" },
      })
    }
    expect([rw.locked, rw.readers]).toEqual([true, 0])
  })
})

describe("an RWMutex's guards", () => {
  it("unlock once, and not what another writer has locked since", () =>
    run(function* () {
      const rw = new RWMutex()
      const first = yield* rw.lock()
      first[Symbol.dispose]()
      expect(rw.locked).toBe(false)
      const byHand = yield* rw.lock()
      rw.unlock()
      yield* rw.lock()
      first[Symbol.dispose]()
      byHand[Symbol.dispose]()
      expect(rw.locked).toBe(true)
    }))

  it("of two readers each ends its own reading, once", () =>
    run(function* () {
      const rw = new RWMutex()
      const guards = [yield* rw.rlock(), yield* rw.rlock()]
      guards[0]![Symbol.dispose]()
      guards[0]![Symbol.dispose]()
      expect(rw.readers).toBe(1)
      guards[1]![Symbol.dispose]()
      expect(rw.readers).toBe(0)
    }))
})

describe("withLock and withRLock", () => {
  it.each([
    ["withLock", (rw: RWMutex) => [rw.locked, rw.readers], [true, 0]],
    ["withRLock", (rw: RWMutex) => [rw.locked, rw.readers], [false, 1]],
  ] as const)("%s holds the lock while its body runs, and unlocks however it ends", (name, state, held) =>
    runVirtual(function* () {
      const rw = new RWMutex()
      expect(yield* rw[name](() => state(rw))).toEqual(held)
      const boom = new Error("boom")
      const throwing = rw[name](function* (): Generator<Op<void>, void, never> {
        yield* gosched()
        throw boom
      })
      expect(yield* thrownBy(throwing)).toBe(boom)
      const parked = go(function* () {
        yield* rw[name](function* () {
          yield* never
        })
      })
      yield* waitIdle()
      expect(state(rw)).toEqual(held)
      parked.interrupt()
      yield* waitIdle()
      expect(state(rw)).toEqual([false, 0])
    }),
  )
})

describe("rlocker", () => {
  it("is the read side as a lock, the same each time", () =>
    run(function* () {
      const rw = new RWMutex()
      const reading = rw.rlocker()
      expect(rw.rlocker()).toBe(reading)
      yield* reading.lock()
      const guard = yield* reading.lock()
      expect(rw.readers).toBe(2)
      guard[Symbol.dispose]()
      reading.unlock()
      expect(rw.readers).toBe(0)
      expect(() => reading.unlock()).toThrow("sync: RUnlock of unlocked RWMutex")
    }))
})
