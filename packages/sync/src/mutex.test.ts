import { go, type Goroutine, gosched, InvalidBody, never, Op, Panic, run, scope, sleep } from "@weft/core"
import { Effect, Fiber } from "effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../core/test/support/thrown-by.ts"
import { underSchedules } from "../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { promised } from "../../core/test/support/promised.ts"
import { Mutex } from "./mutex.ts"
import { UnlockOfUnlocked } from "./unlock-of-unlocked.ts"

/** Locks, says so, and keeps it for one yield. */
function* holder(mutex: Mutex, name: string, log: Array<string>): Generator<Op<unknown>, void, unknown> {
  yield* mutex.lock()
  log.push(name)
  yield* gosched()
  mutex.unlock()
}

describe("Mutex", () => {
  it("is free when made, held from lock to unlock, and free again", () =>
    run(function* () {
      const mutex = new Mutex()
      expect(mutex.locked).toBe(false)
      yield* mutex.lock()
      expect(mutex.locked).toBe(true)
      mutex.unlock()
      expect(mutex.locked).toBe(false)
    }))

  underSchedules("has one holder at a time", function* () {
    const mutex = new Mutex()
    let holders = 0
    let holds = 0
    const all: Array<Goroutine<void>> = []
    for (let i = 0; i < 5; i++) {
      all.push(
        go(function* () {
          for (let j = 0; j < 5; j++) {
            yield* mutex.lock()
            expect(++holders).toBe(1)
            if ((i + j) % 2 === 0) yield* gosched()
            holders--
            holds++
            mutex.unlock()
          }
        }),
      )
    }
    for (const goroutine of all) yield* goroutine
    expect([holds, mutex.locked]).toEqual([25, false])
  })

  it("serves those who wait in the order in which they came", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      yield* mutex.lock()
      const log: Array<string> = []
      for (const name of ["a", "b", "c", "d"]) go(holder, mutex, name, log)
      yield* waitIdle()
      mutex.unlock()
      yield* waitIdle()
      expect(log).toEqual(["a", "b", "c", "d"])
    }))

  it("may be locked by a running goroutine before the front waiter, just woken, has run: once", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const log: Array<string> = []
      yield* mutex.lock()
      const waiting = [go(holder, mutex, "a", log), go(holder, mutex, "b", log)]
      yield* waitIdle()
      mutex.unlock()
      expect(mutex.tryLock()).toBe(true)
      log.push("main")
      yield* waitIdle()
      expect(log).toEqual(["main"])
      mutex.unlock()
      // Handed over to a, which was passed over.
      expect(mutex.tryLock()).toBe(false)
      yield* mutex.lock()
      log.push("main again")
      for (const goroutine of waiting) expect(goroutine.status).toBe("done")
      mutex.unlock()
      expect(log).toEqual(["main", "a", "b", "main again"])
    }))

  it("stays free while the woken one has not run, however often it is locked and unlocked meanwhile", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const log: Array<string> = []
      yield* mutex.lock()
      const waiting = [go(holder, mutex, "a", log), go(holder, mutex, "b", log)]
      yield* waitIdle()
      for (let i = 0; i < 10; i++) {
        mutex.unlock()
        expect([mutex.locked, mutex.tryLock()]).toEqual([false, true])
      }
      mutex.unlock()
      for (const goroutine of waiting) yield* goroutine
      expect(log).toEqual(["a", "b"])
    }))

  it("hands over to whoever cannot look again: a fiber, a promise, a mapped op", () =>
    run(function* () {
      const mutex = new Mutex()
      const log: Array<string> = []
      yield* mutex.lock()
      const waiting = [
        go(Effect.map(mutex.lock(), () => log.push("fiber"))),
        go(function* () {
          void mutex
            .lock()
            .promise()
            .then(() => log.push("promise"))
        }),
        go(function* () {
          log.push(yield* mutex.lock().map(() => "mapped"))
        }),
      ]
      for (let i = 0; i < 10; i++) yield* gosched()
      for (let i = 0; i < 3; i++) {
        mutex.unlock()
        expect([mutex.locked, mutex.tryLock()]).toEqual([true, false])
      }
      for (const goroutine of waiting) yield* goroutine
      yield* Op.fromPromise(Promise.resolve())
      expect(log.sort()).toEqual(["fiber", "mapped", "promise"])
      mutex.unlock()
      expect(mutex.locked).toBe(false)
    }))

  it("serves two goroutines that wait with one op, one after the other", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const lock = mutex.lock()
      const log: Array<string> = []
      yield* lock
      for (const name of ["a", "b"])
        go(function* () {
          yield* lock
          log.push(name)
          yield* gosched()
          mutex.unlock()
        })
      yield* waitIdle()
      mutex.unlock()
      yield* waitIdle()
      expect([log, mutex.locked]).toEqual([["a", "b"], false])
    }))

  it("gets no goroutine that was interrupted while it waited", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const log: Array<string> = []
      yield* mutex.lock()
      const [first] = [go(holder, mutex, "first", log), go(holder, mutex, "second", log)]
      yield* waitIdle()
      first.interrupt()
      yield* waitIdle()
      mutex.unlock()
      yield* waitIdle()
      expect([log, mutex.locked]).toEqual([["second"], false])
    }))

  it("loses nothing by a waiter that is interrupted once passed over, and waits for something else as it unwinds", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const log: Array<string> = []
      yield* mutex.lock()
      const first = go(function* () {
        try {
          yield* holder(mutex, "first", log)
        } finally {
          yield* sleep(50)
          log.push("first has unwound")
        }
      })
      go(holder, mutex, "second", log)
      yield* waitIdle()
      mutex.unlock()
      expect(mutex.tryLock()).toBe(true)
      yield* waitIdle()
      first.interrupt()
      yield* waitIdle()
      mutex.unlock()
      yield* waitIdle()
      expect([log, mutex.locked]).toEqual([["second"], false])
      yield* thrownBy(first.join())
      expect(log).toEqual(["second", "first has unwound"])
    }))

  it("is had by one that got it and is interrupted before it runs, up to its next op", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const log: Array<string> = []
      yield* mutex.lock()
      const waiting = go(function* () {
        using _ = yield* mutex.lock()
        log.push(`locked: ${mutex.locked}`)
        yield* gosched()
        log.push("never")
      })
      yield* waitIdle()
      mutex.unlock()
      waiting.interrupt()
      yield* thrownBy(waiting.join())
      expect([log, mutex.locked]).toEqual([["locked: true"], false])
    }))

  it("may be unlocked by anybody", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      yield* mutex.lock()
      go(function* () {
        mutex.unlock()
      })
      yield* mutex.lock()
    }))

  it("says who holds it, and how many wait", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const first = go(function* () {
        yield* mutex.lock()
        yield* never
      })
      const waiting = go(mutex.lock())
      const another = go(mutex.lock())
      yield* waitIdle()
      expect([waiting.waitReason, waiting.waitDetail]).toEqual([
        "sync.Mutex.Lock",
        `a Mutex (locked by goroutine ${first.id}, 2 waiting)`,
      ])
      // Handed over, and run.
      mutex.unlock()
      yield* waitIdle()
      expect(another.waitDetail).toBe(`a Mutex (locked by goroutine ${waiting.id}, 1 waiting)`)
    }))

  it("does not know who holds it where that is no goroutine", async () => {
    const mutex = new Mutex()
    await mutex.lock().promise()
    await runVirtual(function* () {
      const waiting = go(mutex.lock())
      yield* waitIdle()
      expect(waiting.waitDetail).toBe("a Mutex (locked, 1 waiting)")
      mutex.unlock()
      yield* waiting
    })
  })

  it("panics when nobody holds it, and changes nothing", () =>
    run(function* () {
      const mutex = new Mutex()
      expect(() => mutex.unlock()).toThrow(UnlockOfUnlocked)
      expect(() => mutex.unlock()).toThrow("sync: unlock of unlocked mutex (Mutex.unlock); unlock what is locked, once")
      const error = yield* thrownBy(
        scope(function* () {
          mutex.unlock()
        }),
      )
      expect(error).toBeInstanceOf(Panic)
      expect(error).toMatchObject({ name: "UnlockOfUnlocked", fields: { call: "Mutex.unlock" } })
      yield* mutex.lock()
      mutex.unlock()
      expect(() => mutex.unlock()).toThrow(UnlockOfUnlocked)
    }))

  it("waits for ever in one that holds it: it has no owner to know by", async () => {
    const locking = run(
      function* () {
        const mutex = new Mutex()
        yield* mutex.lock()
        yield* mutex.lock()
      },
      { deadlock: "fail" },
    )
    await expect(locking).rejects.toThrow("a Mutex (locked by goroutine")
  })
})

describe("tryLock", () => {
  it("locks where nobody holds it, and says whether it did", () => {
    const mutex = new Mutex()
    expect([mutex.tryLock(), mutex.tryLock(), mutex.locked]).toEqual([true, false, true])
    mutex.unlock()
    expect(mutex.tryLock()).toBe(true)
  })
})

describe("a Mutex's guard", () => {
  it("unlocks once, and not what somebody else has locked since", () =>
    run(function* () {
      const mutex = new Mutex()
      const first = yield* mutex.lock()
      first[Symbol.dispose]()
      expect(mutex.locked).toBe(false)
      first[Symbol.dispose]()
      yield* mutex.lock()
      first[Symbol.dispose]()
      expect(mutex.locked).toBe(true)
    }))

  it("does nothing once its lock was unlocked by hand", () =>
    run(function* () {
      const mutex = new Mutex()
      const first = yield* mutex.lock()
      mutex.unlock()
      first[Symbol.dispose]()
      const second = yield* mutex.lock()
      first[Symbol.dispose]()
      expect(mutex.locked).toBe(true)
      second[Symbol.dispose]()
      expect(mutex.locked).toBe(false)
    }))

  it("does nothing once its lock was handed over by hand", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const first = yield* mutex.lock()
      const second = mutex.lock().promise()
      mutex.unlock()
      first[Symbol.dispose]()
      expect(mutex.locked).toBe(true)
      const guard = yield* go(Effect.promise(() => second))
      guard[Symbol.dispose]()
      expect(mutex.locked).toBe(false)
    }))

  it("is that of the hold that was given, also where somebody unlocked it before its goroutine ran", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      yield* mutex.lock()
      const waiting = go(mutex.lock().map((guard) => guard))
      yield* waitIdle()
      mutex.unlock() // Handed over
      mutex.unlock()
      expect(mutex.tryLock()).toBe(true)
      ;(yield* waiting)[Symbol.dispose]()
      expect(mutex.locked).toBe(true)
    }))

  it("unlocks at the end of a block, for using, however it ends", () =>
    run(function* () {
      const mutex = new Mutex()
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

  it("unlocks after many turns as after the first", () =>
    run(function* () {
      const mutex = new Mutex()
      const early = yield* mutex.lock()
      early[Symbol.dispose]()
      for (let i = 0; i < 5000; i++) {
        const guard = yield* mutex.lock()
        early[Symbol.dispose]()
        expect(mutex.locked).toBe(true)
        guard[Symbol.dispose]()
        expect(mutex.locked).toBe(false)
      }
    }))
})

describe("withLock", () => {
  it("holds the lock while its body runs, plain or a generator, and gives what that returns", () =>
    run(function* () {
      const mutex = new Mutex()
      const plain = yield* mutex.withLock(() => mutex.locked)
      const waiting = yield* mutex.withLock(function* () {
        yield* gosched()
        return [mutex.locked]
      })
      expect([plain, waiting, mutex.locked]).toEqual([true, [true], false])
    }))

  it("unlocks when its body throws, plain or a generator, and throws that on", () =>
    run(function* () {
      const mutex = new Mutex()
      const boom = new Error("boom")
      const throwing = (): never => {
        throw boom
      }
      const bodies = [
        mutex.withLock(throwing),
        mutex.withLock(function* () {
          yield* gosched()
          throwing()
        }),
      ]
      for (const op of bodies) expect([yield* thrownBy(op), mutex.locked]).toEqual([boom, false])
    }))

  it("unlocks when its goroutine is interrupted in the body, and does not begin it when that was before", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      const log: Array<string> = []
      const start = (name: string) =>
        go(() =>
          (function* () {
            yield* mutex.withLock(function* () {
              log.push(name)
              yield* never
            })
          })(),
        )
      const [inBody, waiting] = [start("in its body"), start("waiting")]
      yield* waitIdle()
      waiting.interrupt()
      inBody.interrupt()
      yield* waitIdle()
      expect([log, mutex.locked]).toEqual([["in its body"], false])
    }))

  it("does nothing at its end where its body has unlocked", () =>
    run(function* () {
      const mutex = new Mutex()
      yield* mutex.withLock(() => mutex.unlock())
      expect(mutex.locked).toBe(false)
    }))

  it("is committed again and again, and by several", () =>
    runVirtual(function* () {
      const mutex = new Mutex()
      let n = 0
      const op = mutex.withLock(function* () {
        const before = n
        yield* gosched()
        n = before + 1
      })
      const all = [go(op), go(op), go(op)]
      yield* op
      yield* op
      for (const goroutine of all) yield* goroutine
      expect([n, mutex.locked]).toEqual([5, false])
    }))

  const waitIn = (mutex: Mutex, begin: () => void) =>
    mutex.withLock(function* () {
      begin()
      yield* never
    })
  const inGen = (mutex: Mutex, begin: () => void) =>
    Effect.gen(function* () {
      expect(yield* mutex.withLock(() => 1)).toBe(1)
      yield* waitIn(mutex, begin)
    })

  it.each([
    ["an Effect", waitIn],
    ["Effect.gen", inGen],
  ])("in %s unlocks when its fiber is interrupted", async (_, effect) => {
    const mutex = new Mutex()
    const { promise: begun, resolve: begin } = promised<void>()
    const fiber = Effect.runFork(effect(mutex, begin))
    await begun
    expect(mutex.locked).toBe(true)
    await Effect.runPromise(Fiber.interrupt(fiber))
    expect(mutex.locked).toBe(false)
  })

  it.each([
    ["an Effect", waitIn],
    ["Effect.gen", inGen],
  ])("in %s unlocks when its fiber is interrupted, which a goroutine has started", (_, effect) =>
    run(function* () {
      const mutex = new Mutex()
      const { promise: begun, resolve: begin } = promised<void>()
      const fiber = Effect.runFork(effect(mutex, begin))
      yield* Op.fromPromise(begun)
      expect(mutex.locked).toBe(true)
      yield* Fiber.interrupt(fiber)
      expect(mutex.locked).toBe(false)
    }),
  )

  it("as a promise gives its body's result, and unlocks before its signal's abort rejects", async () => {
    const mutex = new Mutex()
    expect(await mutex.withLock(() => 1).promise()).toBe(1)
    const abort = new AbortController()
    const log: Array<boolean> = []
    const waiting = mutex
      .withLock(function* () {
        log.push(mutex.locked)
        abort.abort(new Error("enough"))
        yield* never
      })
      .promise(abort.signal)
    await expect(waiting).rejects.toThrow("enough")
    expect([log, mutex.locked]).toEqual([[true], false])
  })

  it.each([
    ["an async function", async () => {}, "write function* for async function"],
    ["a function that returns an op", () => sleep(1), "it returns an op or Effect"],
  ])("refuses %s, and unlocks", (_, body, advice) =>
    run(function* () {
      const mutex = new Mutex()
      const error = yield* thrownBy(mutex.withLock(body as () => unknown))
      expect(error).toBeInstanceOf(InvalidBody)
      expect((error as Error).message).toContain(advice)
      expect(mutex.locked).toBe(false)
    }),
  )

  it("refuses what is no function at the call", () => {
    const mutex = new Mutex()
    expect(() => mutex.withLock(5 as never)).toThrow(InvalidBody)
    expect(() => mutex.withLock(5 as never)).toThrow("Mutex.withLock")
  })
})

describe("a Mutex in Effects and promises", () => {
  it("is locked by a fiber that waits, and by one that need not", async () => {
    const mutex = new Mutex()
    const program = Effect.gen(function* () {
      const guard = yield* mutex.lock()
      yield* Effect.yieldNow
      guard[Symbol.dispose]()
    })
    await Effect.runPromise(Effect.all([program, program, program], { concurrency: "unbounded" }))
    expect(mutex.locked).toBe(false)
  })

  it("gets no fiber that was interrupted while it waited", async () => {
    const mutex = new Mutex()
    const guard = await mutex.lock().promise()
    const fiber = Effect.runFork(mutex.lock())
    await Effect.runPromise(Fiber.interrupt(fiber))
    guard[Symbol.dispose]()
    expect(mutex.locked).toBe(false)
  })

  it("gets no promise whose signal has aborted", async () => {
    const mutex = new Mutex()
    const guard = await mutex.lock().promise()
    const abort = new AbortController()
    const waiting = mutex.lock().promise(abort.signal)
    abort.abort(new Error("enough"))
    await expect(waiting).rejects.toThrow("enough")
    guard[Symbol.dispose]()
    expect(mutex.locked).toBe(false)
  })
})
