import { type Context, context, go, gosched, isFailure, type Op, Panic, run, sleep } from "@weft/core"
import { Cause, Effect, Exit, Fiber } from "effect"
import { describe, expect, it } from "vitest"
import { Counted } from "../../core/test/support/foreign-context.ts"
import { promised } from "../../core/test/support/promised.ts"
import { underSchedules } from "../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { Cond } from "./cond.ts"
import type { Locker } from "./locker.ts"
import { Mutex } from "./mutex.ts"
import { RWMutex } from "./rw-mutex.ts"
import { UnlockOfUnlocked } from "./unlock-of-unlocked.ts"

/** Locks, waits, says what it saw of the lock, and unlocks, however the wait ends. */
function* sleeper(cond: Cond, mutex: Mutex, name: string, log: Array<string>, ctx?: Context) {
  yield* mutex.lock()
  try {
    yield* ctx === undefined ? cond.wait() : cond.wait(ctx)
    log.push(name)
  } catch (error) {
    log.push(`${name}: ${(error as Error).name}${isFailure(error) ? "" : ", a panic"}`)
  } finally {
    log.push(`${name} ${mutex.locked ? "holds it" : "has lost it"}`)
    mutex.unlock()
  }
}

describe("a Cond's lock", () => {
  it.each([undefined, null, {}, { lock: 1, unlock: 2 }, new Cond(new Mutex())])(
    "is refused at once where it is none: %s",
    (given) => {
      expect(() => new Cond(given as never)).toThrow(Panic)
      expect(() => new Cond(given as never)).toThrow(/^sync: Cond over .*; pass a lock: /)
    },
  )
})

describe("Cond", () => {
  it("has the lock that it was given", () => {
    const mutex = new Mutex()
    expect(new Cond(mutex).locker).toBe(mutex)
  })

  it("unlocks while it waits, and locks again before wait returns", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      const log: Array<string> = []
      const waiting = go(sleeper, cond, mutex, "a", log)
      yield* waitIdle()
      expect([mutex.locked, waiting.waitReason, waiting.waitDetail]).toEqual([
        false,
        "sync.Cond.Wait",
        "a Cond (1 waiting)",
      ])
      yield* mutex.lock()
      cond.signal()
      yield* waitIdle()
      expect(log).toEqual([])
      mutex.unlock()
      yield* waiting
      expect([log, mutex.locked]).toEqual([["a", "a holds it"], false])
    }))

  it("wakes the one that waits longest by signal, all by broadcast", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      const log: Array<string> = []
      for (const name of ["a", "b", "c", "d"]) {
        go(sleeper, cond, mutex, name, log)
        yield* waitIdle()
      }
      const woken = () => log.filter((line) => line.length === 1)
      cond.signal()
      yield* waitIdle()
      expect(woken()).toEqual(["a"])
      cond.broadcast()
      yield* waitIdle()
      expect(woken()).toEqual(["a", "b", "c", "d"])
    }))

  it("remembers no signal and no broadcast, and neither needs the lock", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      const log: Array<string> = []
      cond.signal()
      cond.broadcast()
      const waiting = go(sleeper, cond, mutex, "a", log)
      yield* waitIdle()
      expect([log, waiting.status]).toEqual([[], "waiting"])
      cond.signal()
      yield* waiting
    }))

  it("has locked again for one that is signalled while nobody holds the lock, before it runs", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      const log: Array<string> = []
      const waiting = go(sleeper, cond, mutex, "a", log)
      yield* waitIdle()
      cond.signal()
      expect(mutex.tryLock()).toBe(false)
      yield* waiting
      expect(mutex.locked).toBe(false)
    }))

  underSchedules("hands a queue's items to many consumers, each once", function* () {
    const mutex = new Mutex()
    const cond = new Cond(mutex)
    const queue: Array<number> = []
    const got: Array<number> = []
    const consumers = Array.from({ length: 3 }, () =>
      go(function* () {
        for (let i = 0; i < 4; i++) {
          using _ = yield* mutex.lock()
          while (queue.length === 0) yield* cond.wait()
          got.push(queue.shift()!)
        }
      }),
    )
    for (let i = 0; i < 12; i++) {
      using _ = yield* mutex.lock()
      queue.push(i)
      cond.signal()
      if (i % 3 === 0) yield* gosched()
    }
    for (const consumer of consumers) yield* consumer
    expect(got.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i))
  })

  it("panics where the lock is not held, and waits for nothing", () =>
    run(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      let thrown: unknown
      try {
        yield* cond.wait()
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBeInstanceOf(UnlockOfUnlocked)
      cond.broadcast()
      expect(mutex.locked).toBe(false)
    }))

  it("works over an RWMutex, and over its read side", () =>
    runVirtual(function* () {
      const rw = new RWMutex()
      const writing = new Cond(rw)
      const reading = new Cond(rw.rlocker())
      const log: Array<unknown> = []
      go(function* () {
        yield* rw.lock()
        yield* writing.wait()
        log.push(rw.locked)
        rw.unlock()
      })
      for (let i = 0; i < 2; i++)
        go(function* () {
          yield* rw.rlock()
          yield* reading.wait()
          log.push(rw.readers)
        })
      yield* waitIdle()
      expect([rw.locked, rw.readers]).toEqual([false, 0])
      writing.signal()
      yield* waitIdle()
      expect(log).toEqual([true])
      reading.broadcast()
      yield* waitIdle()
      expect(log).toEqual([true, 2, 2])
    }))
})

describe("a guard from before a Cond's wait", () => {
  const locks: ReadonlyArray<readonly [string, () => { lock: Locker; isHeld: () => boolean }]> = [
    [
      "a Mutex",
      () => {
        const mutex = new Mutex()
        return { lock: mutex, isHeld: () => mutex.locked }
      },
    ],
    [
      "an RWMutex",
      () => {
        const rw = new RWMutex()
        return { lock: rw, isHeld: () => rw.locked }
      },
    ],
    [
      "the read side of an RWMutex",
      () => {
        const rw = new RWMutex()
        return { lock: rw.rlocker(), isHeld: () => rw.readers > 0 }
      },
    ],
  ]

  const ends = ["signal", "interrupt", "context"] as const
  it.each(locks.flatMap(([name, make]) => ends.map((end) => [name, end, make] as const)))(
    "of %s unlocks after it, and after a second one that is ended by: %s",
    (_, end, make) =>
      runVirtual(function* () {
        const { isHeld, lock } = make()
        const cond = new Cond(lock)
        const [ctx, cancel] = context.withCancel(context.background)
        const waiting = go(function* () {
          using _ = yield* lock.lock()
          yield* cond.wait()
          expect(isHeld()).toBe(true)
          try {
            yield* cond.wait(ctx)
          } catch (error) {
            expect((error as Error).name).toBe("ContextCanceled")
          } finally {
            expect(isHeld()).toBe(true)
          }
        })
        yield* waitIdle()
        cond.signal()
        yield* waitIdle()
        expect([waiting.waitReason, isHeld()]).toEqual(["sync.Cond.Wait", false])
        if (end === "signal") cond.signal()
        else if (end === "interrupt") waiting.interrupt()
        else cancel()
        yield* waitIdle()
        expect([waiting.status, isHeld()]).toEqual(["done", false])
      }),
  )

  it("does not unlock what others hold while it waits, nor after it was disposed", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      const guards: Array<Disposable> = []
      go(function* () {
        guards.push(yield* mutex.lock())
        yield* cond.wait()
        guards[0]![Symbol.dispose]()
      })
      yield* waitIdle()
      const other = yield* mutex.lock()
      guards.push(other)
      // As if it were its first time: a guard knows when it was disposed.
      copyOf(guards[0]!)[Symbol.dispose]()
      expect(mutex.locked).toBe(true)
      cond.signal()
      other[Symbol.dispose]()
      yield* waitIdle()
      expect(mutex.locked).toBe(false)
      yield* mutex.lock()
      for (const guard of guards) guard[Symbol.dispose]()
      expect(mutex.locked).toBe(true)
    }))

  it("does not unlock what others hold once its lock was unlocked by hand after the wait", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      const waiting = go(function* () {
        const guard = yield* mutex.lock()
        yield* cond.wait()
        mutex.unlock()
        return guard
      })
      yield* waitIdle()
      cond.signal()
      const guard = yield* waiting
      for (let i = 0; i < 3; i++) {
        expect(mutex.tryLock()).toBe(true)
        // As if it were its first time: a guard knows when it was disposed.
        copyOf(guard)[Symbol.dispose]()
        expect(mutex.locked).toBe(true)
        mutex.unlock()
      }
    }))

  it("unlocks where a fiber has signalled inside the wait's unlocking", () =>
    run(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      const waiting = go(function* () {
        using _ = yield* mutex.lock()
        for (let i = 0; i < 10; i++) yield* gosched()
        yield* cond.wait()
      })
      yield* gosched()
      const signalling = go(
        Effect.map(mutex.lock(), (guard) => {
          cond.signal()
          guard[Symbol.dispose]()
        }),
      )
      yield* waiting
      yield* signalling
      expect(mutex.locked).toBe(false)
    }))
})

describe("a Cond's wait that is interrupted", () => {
  it("has locked again before the finally blocks run", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      const log: Array<string> = []
      const waiting = go(sleeper, cond, mutex, "a", log)
      yield* waitIdle()
      yield* mutex.lock()
      waiting.interrupt()
      yield* waitIdle()
      expect([log, waiting.waitReason]).toEqual([[], "sync.Mutex.Lock"])
      mutex.unlock()
      yield* waitIdle()
      expect([log, mutex.locked]).toEqual([["a holds it"], false])
    }))

  it("takes no signal that comes afterwards", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      const log: Array<string> = []
      const waiting = ["a", "b"].map((name) => go(sleeper, cond, mutex, name, log))
      yield* waitIdle()
      waiting[0]!.interrupt()
      cond.signal()
      yield* waitIdle()
      expect(log).toEqual(["a holds it", "b", "b holds it"])
    }))

  it("passes on a signal that it has not locked for yet, to one that waited when it came", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      const log: Array<string> = []
      const waiting = ["a", "b"].map((name) => go(sleeper, cond, mutex, name, log))
      yield* waitIdle()
      yield* mutex.lock()
      cond.signal()
      waiting[0]!.interrupt()
      mutex.unlock()
      yield* waitIdle()
      expect(log).toContain("b")
    }))

  it.each(["signal", "broadcast"] as const)("wakes nobody in its place who came after the %s", (call) =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      const log: Array<string> = []
      const first = go(sleeper, cond, mutex, "first", log)
      yield* waitIdle()
      // In the lock's queue: one that will wait, one that will hold the lock for a while, and the one that is signalled.
      yield* mutex.lock()
      const late = go(sleeper, cond, mutex, "late", log)
      yield* waitIdle()
      go(function* () {
        using _ = yield* mutex.lock()
        yield* sleep(10)
      })
      yield* waitIdle()
      cond[call]()
      mutex.unlock()
      yield* waitIdle()
      expect([late.waitReason, first.waitReason, log]).toEqual(["sync.Cond.Wait", "sync.Cond.Wait", []])
      first.interrupt()
      yield* sleep(20)
      expect([log, late.waitReason]).toEqual([["first holds it"], "sync.Cond.Wait"])
      cond.signal()
      yield* late
    }),
  )
})

describe("a Cond's wait with a context", () => {
  it("fails once that has ended, with the lock held", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      const log: Array<string> = []
      const [ctx] = context.withTimeout(context.background, 10)
      const waiting = go(sleeper, cond, mutex, "a", log, ctx)
      yield* waitIdle()
      yield* mutex.lock()
      yield* sleep(20)
      expect(log).toEqual([])
      mutex.unlock()
      yield* waiting
      expect([log, mutex.locked]).toEqual([["a: DeadlineExceeded", "a holds it"], false])
    }))

  it("fails at once where it has ended before, without unlocking, and it is a failure", () =>
    run(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      const [ctx, cancel] = context.withCancel(context.background)
      cancel()
      yield* mutex.lock()
      const waiting = go(function* () {
        yield* cond.wait(ctx)
      })
      let thrown: unknown
      try {
        yield* waiting
      } catch (error) {
        thrown = error
      }
      expect((thrown as Error).name).toBe("ContextCanceled")
      expect([isFailure(thrown), mutex.locked]).toEqual([true, true])
    }))

  it("returns where the signal came first, and takes none where it ended first", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      const log: Array<string> = []
      const [ctx, cancel] = context.withCancel(context.background)
      const waiting = [go(sleeper, cond, mutex, "a", log, ctx), go(sleeper, cond, mutex, "b", log)]
      yield* waitIdle()
      cond.signal()
      cancel()
      yield* waiting[0]!
      expect(log).toEqual(["a", "a holds it"])
      const late = go(sleeper, cond, mutex, "c", log, context.withCancel(context.background)[0])
      yield* waitIdle()
      late.interrupt()
      cond.signal()
      yield* waiting[1]!
      const [short, end] = context.withCancel(context.background)
      const ended = [go(sleeper, cond, mutex, "d", log, short), go(sleeper, cond, mutex, "e", log)]
      yield* waitIdle()
      end()
      cond.signal()
      for (const goroutine of ended) yield* goroutine
      expect(log.filter((line) => !line.endsWith("holds it"))).toEqual(["a", "b", "d: ContextCanceled", "e"])
    }))

  it("keeps nothing in the context once it is over", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      const log: Array<string> = []
      const ctx = new Counted(context.withCancel(context.background)[0])
      for (const end of ["signal", "interrupt", "unlocked"] as const) {
        const waiting = go(sleeper, cond, mutex, end, log, ctx)
        yield* waitIdle()
        if (end === "interrupt") waiting.interrupt()
        else cond.signal()
        yield* waitIdle()
      }
      expect(log).toEqual(["signal", "signal holds it", "interrupt holds it", "unlocked", "unlocked holds it"])
    }))
})

describe("a Cond in Effects and promises", () => {
  const waitThen = (cond: Cond, mutex: Mutex, log: Array<string>) =>
    Effect.acquireUseRelease(
      mutex.lock(),
      () => Effect.map(cond.wait(), () => log.push(`woken: ${mutex.locked}`)),
      () =>
        Effect.sync(() => {
          log.push(`released: ${mutex.locked}`)
          mutex.unlock()
        }),
    )

  it("is waited for by fibers, the lock held afterwards", async () => {
    const mutex = new Mutex()
    const cond = new Cond(mutex)
    const log: Array<string> = []
    const fiber = Effect.runFork(waitThen(cond, mutex, log))
    const inGen = Effect.runPromise(
      Effect.gen(function* () {
        yield* mutex.lock()
        yield* cond.wait()
        log.push(`in gen: ${mutex.locked}`)
        mutex.unlock()
      }),
    )
    expect(mutex.locked).toBe(false)
    cond.broadcast()
    await inGen
    await Effect.runPromise(Fiber.join(fiber))
    expect(log).toEqual(["woken: true", "released: true", "in gen: true"])
    expect(mutex.locked).toBe(false)
  })

  it("has locked again before the finalizers of an interrupted fiber run", async () => {
    const mutex = new Mutex()
    const cond = new Cond(mutex)
    const log: Array<string> = []
    const fiber = Effect.runFork(waitThen(cond, mutex, log))
    const guard = await mutex.lock().promise()
    const interrupted = Effect.runPromise(Fiber.interrupt(fiber))
    await Promise.resolve()
    expect(log).toEqual([])
    guard[Symbol.dispose]()
    await interrupted
    const exit = await Effect.runPromise(Fiber.await(fiber))
    expect(Exit.isFailure(exit) && Cause.hasInterrupts(exit.cause)).toBe(true)
    expect([log, mutex.locked]).toEqual([["released: true"], false])
  })

  it("as a promise, is signalled, or rejects once its signal has aborted and the lock is held", async () => {
    const mutex = new Mutex()
    const cond = new Cond(mutex)
    await mutex.lock().promise()
    const woken = cond.wait().promise()
    cond.signal()
    await woken
    expect(mutex.locked).toBe(true)
    const abort = new AbortController()
    const aborted = cond.wait().promise(abort.signal)
    const guard = await mutex.lock().promise()
    abort.abort(new Error("enough"))
    const { promise, resolve } = promised<void>()
    let hasRejected = false
    void aborted.catch(() => {
      hasRejected = true
      resolve()
    })
    for (let i = 0; i < 10; i++) await Promise.resolve()
    expect(hasRejected).toBe(false)
    guard[Symbol.dispose]()
    await promise
    expect(mutex.locked).toBe(true)
    await expect(aborted).rejects.toThrow("enough")
  })

  it("loses no signal that a fiber sends which runs on inside the unlocking of a wait", async () => {
    const mutex = new Mutex()
    const cond = new Cond(mutex)
    await run(
      function* () {
        yield* mutex.lock()
        go(
          Effect.map(mutex.lock(), (guard) => {
            cond.signal()
            guard[Symbol.dispose]()
          }),
        )
        for (let i = 0; i < 10; i++) yield* gosched()
        yield* cond.wait()
        mutex.unlock()
      },
      { deadlock: "fail" },
    )
    expect(mutex.locked).toBe(false)
  })

  it("wakes by a broadcast no fiber that waits again inside it", async () => {
    const mutex = new Mutex()
    const cond = new Cond(mutex)
    let wakes = 0
    const fiber = Effect.runFork(
      Effect.gen(function* (): Generator<Effect.Effect<unknown>, void, never> {
        yield* mutex.lock() as Op<never>
        for (;;) {
          yield* cond.wait()
          wakes++
        }
      }),
    )
    expect(mutex.locked).toBe(false)
    cond.broadcast()
    expect(wakes).toBe(1)
    cond.signal()
    expect(wakes).toBe(2)
    await Effect.runPromise(Fiber.interrupt(fiber))
    expect(mutex.locked).toBe(true)
  })
})

function copyOf(guard: Disposable): Disposable {
  return Object.assign(Object.create(Object.getPrototypeOf(guard) as object) as Disposable, guard)
}
