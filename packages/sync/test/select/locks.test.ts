import { chan, select, trySelect } from "@weft/channels"
import { go, gosched, never, type Op, run, sleep } from "@weft/core"
import { Cond, Mutex, Once, onceValue, RWMutex } from "@weft/sync"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"

describe("a lock in a select", () => {
  it("is locked with a timeout: it gives a guard, or was not locked", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const hit = yield* select({ lock: mutex.lock(), late: sleep(5) })
      if (hit.case !== "lock") throw new Error("it was free")
      expect((yield* select({ lock: mutex.lock(), late: sleep(5) })).case).toBe("late")
      hit.value[Symbol.dispose]()
      expect(mutex.locked).toBe(false)
      expect(trySelect({ lock: mutex.lock() })?.case).toBe("lock")
      expect(trySelect({ lock: mutex.lock() })).toBeUndefined()
    }))

  it("is handed to a select that waits, and to its goroutine alone", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      yield* mutex.lock()
      const selecting = go(function* () {
        return yield* select({ lock: mutex.lock(), never })
      })
      yield* waitIdle()
      mutex.unlock()
      expect(mutex.tryLock()).toBe(false)
      const hit = yield* selecting
      const waiting = go(mutex.lock())
      yield* waitIdle()
      expect(waiting.waitDetail).toContain(`locked by goroutine ${selecting.id}`)
      if (hit.case === "lock") hit.value[Symbol.dispose]()
      yield* waiting
    }))

  it("takes one case of two on the same Mutex", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      yield* mutex.lock()
      const selecting = go(function* () {
        const hit = yield* select({ a: mutex.lock(), b: mutex.lock() })
        hit.value[Symbol.dispose]()
      })
      yield* waitIdle()
      mutex.unlock()
      yield* selecting
      expect(mutex.locked).toBe(false)
    }))

  it("lets readers in behind a writer that loses", () =>
    runVirtual(function* () {
      const rw = new RWMutex()
      const quit = chan<void>()
      yield* rw.rlock()
      const selecting = go(function* () {
        return (yield* select({ write: rw.lock(), quit: quit.receive() })).case
      })
      yield* waitIdle()
      const behind = go(rw.rlock())
      yield* waitIdle()
      expect([behind.status, rw.readers]).toEqual(["waiting", 1])
      quit.trySend()
      expect(yield* selecting).toBe("quit")
      yield* behind
      expect(rw.readers).toBe(2)
    }))

  // A fiber runs on when its select has taken a case, before those cases are withdrawn whose withdrawal lets others go on. A nested select
  // that has such a case is withdrawn as a whole.
  const unlocking: ReadonlyArray<readonly [string, (rw: RWMutex, mutex: Mutex) => Op<unknown>]> = [
    ["a writer", (rw) => rw.lock()],
    ["a reader", (rw) => select({ read: rw.rlock(), write: rw.lock() })],
    ["whoever locks a Mutex", (rw, mutex) => select({ write: rw.lock(), lock: mutex.lock() })],
  ]
  it.each(unlocking)("is not lost to a case of a fiber's select that is over: %s", (_, losing) =>
    run(function* () {
      const rw = new RWMutex()
      const mutex = new Mutex()
      const quit = chan<void>()
      yield* rw.lock()
      yield* mutex.lock()
      const fiber = go(
        Effect.map(select({ quit: quit.receive(), losing: losing(rw, mutex) }), (hit) => {
          rw.unlock()
          mutex.unlock()
          return [hit.case, rw.locked, rw.readers, mutex.locked]
        }),
      )
      for (let i = 0; i < 10; i++) yield* gosched()
      quit.trySend()
      expect(yield* fiber).toEqual(["quit", false, 0, false])
      expect([rw.tryLock(), mutex.tryLock()]).toEqual([true, true])
    }),
  )

  it("withLock runs its body, and is interrupted in it when another case is taken", () =>
    run(function* () {
      const mutex = new Mutex()
      const done = yield* select({ body: mutex.withLock(() => 5), never })
      expect(done).toEqual({ case: "body", value: 5 })
      const begun = chan<void>(1)
      const hit = yield* select({
        body: mutex.withLock(function* () {
          yield* begun.send()
          yield* never
        }),
        begun: begun.receive(),
      })
      expect(hit.case).toBe("begun")
      yield* mutex.lock()
    }))
})

describe("a Once in a select", () => {
  it("begins only when the select has to wait, and runs on when another case is taken", () =>
    runVirtual(function* () {
      const once = new Once()
      const log: Array<string> = []
      const body = function* () {
        log.push("begins")
        yield* sleep(10)
        log.push("ends")
      }
      expect((yield* select.ordered({ now: gosched(), once: once.do(body) })).case).toBe("now")
      expect(trySelect({ once: once.do(body) })).toBeUndefined()
      yield* waitIdle()
      expect(log).toEqual([])
      expect((yield* select({ once: once.do(body), late: sleep(5) })).case).toBe("late")
      expect(log).toEqual(["begins"])
      expect((yield* select({ once: once.do(body), late: sleep(50) })).case).toBe("once")
      expect(log).toEqual(["begins", "ends"])
      expect(trySelect({ once: once.do(body) })?.case).toBe("once")
    }))

  it("gives onceValue's value to a select, also to two of its cases", () =>
    runVirtual(function* () {
      const value = onceValue(function* () {
        yield* sleep(1)
        return 7
      })
      const hit = yield* select({ a: value(), b: value() })
      expect(hit.value).toBe(7)
      expect(trySelect({ value: value() })).toEqual({ case: "value", value: 7 })
    }))
})

describe("a Cond in a select", () => {
  it("is refused where it waits, at the call, and the error says why", () => {
    const cond = new Cond(new Mutex())
    for (const call of [select, select.ordered, trySelect]) {
      const misuse = () => void (call as (cases: unknown) => unknown)({ never, woken: cond.wait() })
      expect(misuse).toThrow(
        'case "woken" is no op; a Cond\'s wait gives up its lock, so whether it is held would depend on which case won: unlock, and select on cond.changed()',
      )
    }
  })

  it("changes for each signal and broadcast since changed() was called, before the select or in it", () =>
    runVirtual(function* () {
      const cond = new Cond(new Mutex())
      const early = cond.changed()
      expect(trySelect({ early })).toBeUndefined()
      cond.signal()
      expect(trySelect({ early, late: cond.changed() })?.case).toBe("early")
      const selecting = go(function* () {
        return (yield* select({ changed: cond.changed(), never })).case
      })
      yield* waitIdle()
      cond.broadcast()
      expect(yield* selecting).toBe("changed")
      // For good.
      yield* early
    }))

  it("is waited for with a timeout, as a pattern", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      let isReady = false
      const consume = function* () {
        yield* mutex.lock()
        try {
          while (!isReady) {
            const changed = cond.changed()
            mutex.unlock()
            const hit = yield* select({ changed, late: sleep(5) })
            yield* mutex.lock()
            if (hit.case === "late") return "late"
          }
          return "ready"
        } finally {
          mutex.unlock()
        }
      }
      expect(yield* consume()).toBe("late")
      const consumer = go(consume)
      yield* waitIdle()
      isReady = true
      cond.signal()
      expect(yield* consumer).toBe("ready")
      expect(mutex.locked).toBe(false)
    }))

  it("wakes nobody who has given up watching, whatever he waits for next", () =>
    runVirtual(function* () {
      const cond = new Cond(new Mutex())
      const next = chan<number>()
      let received: number | undefined
      const watching = go(function* () {
        try {
          yield* cond.changed()
        } finally {
          received = yield* next.receive()
        }
      })
      yield* waitIdle()
      watching.interrupt()
      yield* waitIdle()
      cond.broadcast()
      yield* waitIdle()
      expect(watching.waitReason).toBe("chan receive")
      yield* next.send(7)
      yield* waitIdle()
      expect(received).toBe(7)
    }))

  it("is changed for a fiber and a promise, too", async () => {
    const cond = new Cond(new Mutex())
    const waiting = [Effect.runPromise(cond.changed()), cond.changed().promise()]
    cond.signal()
    await Promise.all(waiting)
  })
})
