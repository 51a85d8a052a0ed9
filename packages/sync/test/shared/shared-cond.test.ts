import { chan, select, trySelect } from "@weft/channels"
import { context, go, type Goroutine, gosched, type Op, Panic, run } from "@weft/core"
import { Effect, Fiber } from "effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { untilWaiting } from "../../../core/test/support/idle.ts"
import { sharedLaws } from "../support/shared-laws.ts"
import type { Locker } from "../../src/locker.ts"
import { Mutex } from "../../src/mutex.ts"
import { RWMutex } from "../../src/rw-mutex.ts"
import { UnlockOfUnlocked } from "../../src/unlock-of-unlocked.ts"
import { OwnerDied } from "../../src/shared/owner-died.ts"
import { SharedCond } from "../../src/shared/shared-cond.ts"
import { SharedMutex } from "../../src/shared/shared-mutex.ts"
import { SharedRWMutex } from "../../src/shared/shared-rw-mutex.ts"

const [Called, Tickets] = [1, 2]

const wordsOf = (cond: SharedCond): Int32Array => new Int32Array(cond.share().buffer, cond.share().offset)

sharedLaws("SharedCond", {
  words: 4,
  make: () => new SharedCond(new SharedMutex()),
  at: (buffer, offset) => SharedCond.at(new SharedMutex(), buffer, offset),
  from: (handle) => SharedCond.from(new SharedMutex(), handle),
  change: (cond) => cond.broadcast(),
  state: (cond) => wordsOf(cond)[3],
})

interface Side {
  readonly mutex: SharedMutex
  readonly cond: SharedCond
}

/** The same lock and condition as two threads have them. */
function two(): [Side, Side] {
  const mutex = new SharedMutex()
  const cond = new SharedCond(mutex)
  const there = SharedMutex.from(mutex.share())
  return [
    { mutex, cond },
    { mutex: there, cond: SharedCond.from(there, cond.share()) },
  ]
}

/** Locks, waits once, says so, unlocks. */
function sleeper({ cond, mutex }: Side, name: string, log: Array<string>): Goroutine<void> {
  return go(function* () {
    using _ = yield* mutex.lock()
    yield* cond.wait()
    log.push(name)
  })
}

function* ended(goroutines: ReadonlyArray<Goroutine>): Generator<Op<unknown>, void, unknown> {
  for (const goroutine of goroutines) yield* goroutine.join() as Op<unknown>
}

describe("SharedCond", () => {
  it("refuses at once what is no lock, and the locks of one thread", () => {
    for (const given of [undefined, null, {}, { lock() {}, unlock() {} }, { lock: async () => {}, unlock() {} }]) {
      expect(() => new SharedCond(given as never)).toThrow(/^sync: SharedCond over .*; pass a lock: /)
      const buffer = new SharedArrayBuffer(16)
      expect(() => SharedCond.at(given as never, buffer, 0)).toThrow(Panic)
      expect(new Int32Array(buffer)[0]).toBe(0)
    }
    for (const [given, name] of [
      [new Mutex(), "Mutex"],
      [new RWMutex(), "RWMutex"],
      [new RWMutex().rlocker(), "RWMutex"],
    ] as const) {
      const message = `sync: SharedCond over a ${name}, which other threads don't have; pass a lock: `
      expect(() => new SharedCond(given)).toThrow(message)
      expect(() => SharedCond.from(given, new SharedCond(new SharedMutex()).share())).toThrow(message)
    }
  })

  it("without a lock, as workers attach it to tell of a thread's end, says at its wait what is missing", () => {
    const cond = SharedCond.from(undefined as never, new SharedCond(new SharedMutex()).share())
    cond.threadDied(7)
    expect(() => cond.wait()).toThrow(/^sync: SharedCond over undefined; pass a lock: /)
  })

  it("has the lock that it was given", () => {
    const mutex = new SharedMutex()
    expect(new SharedCond(mutex).locker).toBe(mutex)
  })

  it("unlocks while it waits, and has locked again when it goes on", () =>
    run(function* () {
      const [here, there] = two()
      const waiting = go(function* () {
        yield* here.mutex.lock()
        yield* here.cond.wait()
        return there.mutex.tryLock()
      })
      yield* untilWaiting(waiting)
      expect(waiting.waitReason).toBe("sync.SharedCond.Wait")
      expect(waiting.waitDetail).toBe("a shared cond (1 waiting)")
      yield* there.mutex.lock()
      there.cond.signal()
      for (let i = 0; i < 20; i++) yield* gosched()
      expect([waiting.status, waiting.waitReason]).toEqual(["waiting", "sync.SharedCond.Wait"])
      there.mutex.unlock()
      expect(yield* waiting).toBe(false)
    }))

  it("wakes those on all threads in the order in which they came, one for each signal", () =>
    run(function* () {
      const [here, there] = two()
      const log: Array<string> = []
      const waiting: Array<Goroutine<void>> = []
      for (const [i, side] of [here, there, there, here, there].entries()) {
        waiting.push(sleeper(side, `${i}`, log))
        yield* untilWaiting(...waiting)
      }
      for (const [i, goroutine] of waiting.entries()) {
        ;(i % 2 === 0 ? here : there).cond.signal()
        yield* goroutine
      }
      expect(log).toEqual(["0", "1", "2", "3", "4"])
    }))

  it("wakes all by a broadcast, and none who comes afterwards", () =>
    run(function* () {
      const [here, there] = two()
      const log: Array<string> = []
      const waiting = [sleeper(here, "a", log), sleeper(there, "b", log), sleeper(here, "c", log)]
      yield* untilWaiting(...waiting)
      there.cond.broadcast()
      const late = sleeper(there, "late", log)
      yield* ended(waiting)
      yield* untilWaiting(late)
      expect(log.toSorted()).toEqual(["a", "b", "c"])
      late.interrupt()
    }))

  it("counts tickets round: who waits across the turn is woken in order, by signals and by a broadcast", () =>
    run(function* () {
      const [here, there] = two()
      const words = wordsOf(here.cond)
      words[Called] = words[Tickets] = 0x7ffffffe
      const log: Array<string> = []
      const waiting: Array<Goroutine<void>> = []
      for (const [i, side] of [here, there, here, there, here].entries()) {
        waiting.push(sleeper(side, `${i}`, log))
        yield* untilWaiting(...waiting)
      }
      for (const goroutine of waiting.slice(0, 3)) {
        there.cond.signal()
        yield* goroutine
      }
      expect(log).toEqual(["0", "1", "2"])
      here.cond.broadcast()
      yield* ended(waiting.slice(3))
      expect([words[Called], words[Tickets]]).toEqual([-0x7ffffffd, -0x7ffffffd])
    }))

  it("remembers no signal and no broadcast, and neither needs the lock", () =>
    run(function* () {
      const [here, there] = two()
      here.cond.signal()
      there.cond.broadcast()
      const waiting = sleeper(here, "a", [])
      yield* untilWaiting(waiting)
      for (let i = 0; i < 20; i++) yield* gosched()
      expect(waiting.status).toBe("waiting")
      there.cond.signal()
      yield* waiting
    }))

  it("panics where the lock is not held, waits for nothing, and takes no signal", () =>
    run(function* () {
      const [here, there] = two()
      expect(yield* thrownBy(here.cond.wait().asEffect() as Op<void>)).toBeInstanceOf(UnlockOfUnlocked)
      const waiting = sleeper(there, "a", [])
      yield* untilWaiting(waiting)
      there.cond.signal()
      yield* waiting
    }))

  it.each<readonly [string, () => Locker<OwnerDied>]>([
    ["a SharedMutex", () => new SharedMutex()],
    ["a SharedRWMutex", () => new SharedRWMutex()],
    ["the read side of one", () => new SharedRWMutex().rlocker()],
  ])("leaves a guard from before its wait as it was, over %s", (_, make) =>
    run(function* () {
      const locker = make()
      const cond = new SharedCond(locker)
      const waiting = go(function* () {
        using _ = yield* locker.lock()
        for (let i = 0; i < 3; i++) yield* cond.wait()
      })
      for (let i = 0; i < 3; i++) {
        yield* untilWaiting(waiting)
        cond.signal()
        yield* gosched()
        yield* gosched()
      }
      yield* waiting
      // Unlocked by the guard, and by nobody twice.
      expect(() => locker.unlock()).toThrow(UnlockOfUnlocked)
      yield* locker.lock()
    }),
  )

  it("hands a queue's items to consumers on two threads, each once", () =>
    run(function* () {
      const [here, there] = two()
      const queue: Array<number> = []
      const taken: Array<number> = []
      const consumers = [here, there, here, there].map(({ cond, mutex }) =>
        go(function* () {
          for (let i = 0; i < 25; i++) {
            using _ = yield* mutex.lock()
            while (queue.length === 0) yield* cond.wait()
            taken.push(queue.shift()!)
          }
        }),
      )
      for (let n = 0; n < 100; n++) {
        const { cond, mutex } = n % 2 === 0 ? here : there
        yield* mutex.lock()
        queue.push(n)
        mutex.unlock()
        cond.signal()
        if (n % 7 === 0) yield* gosched()
      }
      yield* ended(consumers)
      expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n))
    }))
})

describe("a SharedCond's wait that is interrupted", () => {
  it("has locked again before the finally blocks run", () =>
    run(function* () {
      const [here, there] = two()
      let wasLocked: boolean | undefined
      const waiting = go(function* () {
        yield* here.mutex.lock()
        try {
          yield* here.cond.wait()
        } finally {
          wasLocked = !there.mutex.tryLock()
          here.mutex.unlock()
        }
      })
      yield* untilWaiting(waiting)
      yield* there.mutex.lock()
      waiting.interrupt()
      for (let i = 0; i < 20; i++) yield* gosched()
      expect([waiting.status, waiting.waitReason]).toEqual(["waiting", "sync.SharedMutex.Lock"])
      there.mutex.unlock()
      yield* thrownBy(waiting.join())
      expect([wasLocked, there.mutex.locked]).toEqual([true, false])
    }))

  it("holds the lock where it is interrupted before it began to wait", () =>
    run(function* () {
      const [here, there] = two()
      const log: Array<string> = []
      const waiting: Goroutine<void> = go(function* () {
        using _ = yield* here.mutex.lock()
        // Running: it unwinds at its next op, which never unlocked.
        waiting.interrupt()
        yield* here.cond.wait()
      })
      yield* thrownBy(waiting.join())
      expect(there.mutex.locked).toBe(false)
      expect(wordsOf(here.cond)[Tickets]).toBe(0)
      const next = sleeper(there, "next", log)
      yield* untilWaiting(next)
      here.cond.signal()
      yield* next
      expect(log).toEqual(["next"])
    }))

  it("takes no signal: the next one is woken, on whatever thread", () =>
    run(function* () {
      for (const order of [0, 1]) {
        const [here, there] = two()
        const log: Array<string> = []
        const sides = order === 0 ? [here, there] : [there, here]
        const victim = sleeper(sides[0]!, "victim", log)
        yield* untilWaiting(victim)
        const next = sleeper(sides[1]!, "next", log)
        yield* untilWaiting(next)
        victim.interrupt()
        here.cond.signal()
        yield* next
        expect(log).toEqual(["next"])
      }
    }))

  it("passes on a signal that it has not locked for yet", () =>
    run(function* () {
      const [here, there] = two()
      const log: Array<string> = []
      const victim = sleeper(here, "victim", log)
      yield* untilWaiting(victim)
      const next = sleeper(there, "next", log)
      yield* untilWaiting(next)
      yield* here.mutex.lock()
      here.cond.signal()
      victim.interrupt()
      here.mutex.unlock()
      yield* next
      expect(log).toEqual(["next"])
    }))

  it("keeps no ticket that is at the front, however many waits are given up", () =>
    run(function* () {
      const [here, there] = two()
      for (let i = 0; i < 10; i++) {
        const waiting = [sleeper(here, "a", []), sleeper(there, "b", [])]
        yield* untilWaiting(...waiting)
        for (const goroutine of i % 2 === 0 ? waiting : waiting.toReversed()) goroutine.interrupt()
        for (const goroutine of waiting) yield* thrownBy(goroutine.join())
      }
      while (Atomics.load(wordsOf(here.cond), Called) !== 20) yield* gosched()
      expect(wordsOf(here.cond)[Tickets]).toBe(20)
    }))
})

describe("a SharedCond's wait with a context", () => {
  it("fails once that has ended, with the lock held, and takes no signal", () =>
    run(function* () {
      const [here, there] = two()
      const [ctx, cancel] = context.withCancel(context.background)
      const waiting = go(function* () {
        using _ = yield* here.mutex.lock()
        try {
          yield* here.cond.wait(ctx)
        } catch (error) {
          return [error === ctx.err, there.mutex.tryLock()]
        }
        return []
      })
      yield* untilWaiting(waiting)
      const next = sleeper(there, "next", [])
      yield* untilWaiting(next)
      cancel()
      expect(yield* waiting).toEqual([true, false])
      here.cond.signal()
      yield* next
    }))

  it("fails at once where it has ended before, without unlocking", () =>
    run(function* () {
      const mutex = new SharedMutex()
      const cond = new SharedCond(mutex)
      const [ctx, cancel] = context.withCancel(context.background)
      cancel()
      using _ = yield* mutex.lock()
      expect(yield* thrownBy(cond.wait(ctx).asEffect() as Op<void>)).toBe(ctx.err)
      expect([mutex.locked, wordsOf(cond)[Tickets]]).toEqual([true, 0])
    }))

  it("returns where the signal came first", () =>
    run(function* () {
      const [here, there] = two()
      const [ctx, cancel] = context.withCancel(context.background)
      const waiting = go(function* () {
        using _ = yield* here.mutex.lock()
        yield* here.cond.wait(ctx)
        return "signalled"
      })
      yield* untilWaiting(waiting)
      yield* there.mutex.lock()
      here.cond.signal()
      cancel()
      there.mutex.unlock()
      expect(yield* waiting).toBe("signalled")
    }))
})

describe("a SharedCond beside other waits", () => {
  it("is refused in a select where it waits, and the error says why", () => {
    const cond = new SharedCond(new SharedMutex())
    expect(() => select({ wait: cond.wait() } as never)).toThrow(/select on cond.changed\(\)/)
  })

  it("changes for each signal and broadcast since changed() was called, on any thread, for good", () =>
    run(function* () {
      const [here, there] = two()
      for (const call of ["signal", "broadcast"] as const) {
        const early = here.cond.changed()
        expect(trySelect({ early })).toBeUndefined()
        const selecting = go(function* () {
          return (yield* select({ changed: here.cond.changed(), never: chan<void>().receive() })).case
        })
        yield* untilWaiting(selecting)
        there.cond[call]()
        expect(yield* selecting).toBe("changed")
        expect(trySelect({ early, late: there.cond.changed() })?.case).toBe("early")
      }
    }))

  it("tells those of its watchers whom a change concerns, and no other", () =>
    run(function* () {
      const [here, there] = two()
      const early = here.cond.changed()
      there.cond.signal()
      const late = here.cond.changed()
      const waiting = go(late)
      yield* untilWaiting(waiting)
      yield* early
      expect(waiting.status).toBe("waiting")
      there.cond.signal()
      yield* waiting
    }))

  it("is waited for by fibers, the lock held afterwards, also by one that is interrupted", async () => {
    const [here, there] = two()
    const wait = Effect.gen(function* () {
      yield* here.mutex.lock()
      yield* here.cond.wait()
      return there.mutex.tryLock()
    })
    const fiber = Effect.runFork(
      Effect.ensuring(
        wait,
        Effect.sync(() => here.mutex.unlock()),
      ),
    )
    await run(gosched())
    there.cond.signal()
    expect(await Effect.runPromise(Fiber.join(fiber))).toBe(false)
    expect(there.mutex.locked).toBe(false)
    let wasLocked: boolean | undefined
    const victim = Effect.runFork(
      Effect.ensuring(
        wait,
        Effect.sync(() => {
          wasLocked = here.mutex.locked
          here.mutex.unlock()
        }),
      ),
    )
    await run(gosched())
    await Effect.runPromise(Fiber.interrupt(victim))
    expect([wasLocked, there.mutex.locked]).toEqual([true, false])
  })

  it("as a promise, is signalled, or rejects once its signal has aborted and the lock is held", async () => {
    const [here, there] = two()
    await here.mutex.lock().promise()
    const waiting = here.cond.wait().promise()
    there.cond.signal()
    await waiting
    expect(there.mutex.tryLock()).toBe(false)
    const abort = new AbortController()
    const aborted = here.cond.wait().promise(abort.signal)
    expect(there.mutex.locked).toBe(false)
    abort.abort("given up")
    await expect(aborted).rejects.toBe("given up")
    expect(there.mutex.tryLock()).toBe(false)
  })
})

describe("the end of a thread, to a SharedCond", () => {
  it("wakes all: a signal may have gone to it", () =>
    run(function* () {
      const [here, there] = two()
      const log: Array<string> = []
      const waiting = [sleeper(here, "a", log), sleeper(there, "b", log)]
      yield* untilWaiting(...waiting)
      here.cond.threadDied(77_777)
      yield* ended(waiting)
      expect(log.toSorted()).toEqual(["a", "b"])
    }))

  it("fails a wait by OwnerDied where that thread had the lock, and the lock is not held then", () =>
    run(function* () {
      const [here, there] = two()
      const waiting = go(function* () {
        using _ = yield* here.mutex.lock()
        yield* here.cond.wait()
      })
      yield* untilWaiting(waiting)
      const stranger = 77_777
      Atomics.store(new Int32Array(here.mutex.share().buffer), 1, stranger)
      there.cond.signal()
      there.mutex.threadDied(stranger)
      expect(yield* thrownBy(waiting.join())).toBeInstanceOf(OwnerDied)
      expect(here.mutex.locked).toBe(false)
      yield* there.mutex.recover()
    }))
})
