import { go, type Goroutine, gosched, InvalidBody, never, Panic, run, sleep } from "@weft/core"
import { Effect, Fiber } from "effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../core/test/support/thrown-by.ts"
import { underSchedules } from "../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { InvalidAmount } from "./invalid-amount.ts"
import { ReleasedMoreThanHeld, Semaphore } from "./semaphore.ts"

/** Goroutines that acquire so many each, in this order, and note their names when they have. */
function* queueUp(semaphore: Semaphore, wanted: Readonly<Record<string, number>>, log: Array<string>) {
  const waiting: Record<string, Goroutine<void>> = {}
  for (const [name, k] of Object.entries(wanted)) {
    waiting[name] = go(function* () {
      yield* semaphore.acquire(k)
      log.push(name)
    })
    yield* waitIdle()
  }
  return waiting as { readonly [name: string]: Goroutine<void> }
}

describe("Semaphore", () => {
  it("gives permits at once while there are enough, and makes others wait", () =>
    runVirtual(function* () {
      const semaphore = new Semaphore(3)
      yield* semaphore.acquire(2)
      yield* semaphore.acquire()
      const waiting = go(semaphore.acquire(2))
      yield* waitIdle()
      expect([waiting.status, waiting.waitReason, waiting.waitDetail]).toEqual([
        "waiting",
        "sync.Semaphore.Acquire",
        "2 of a semaphore (0 of 3 free)",
      ])
      semaphore.release()
      yield* waitIdle()
      expect([waiting.status, semaphore.free, semaphore.size]).toEqual(["waiting", 1, 3])
      semaphore.release()
      yield* waiting
      expect(semaphore.free).toBe(0)
    }))

  it("serves in the order of arrival: a large front waiter holds back small ones and tryAcquire", () =>
    runVirtual(function* () {
      const semaphore = new Semaphore(3)
      const log: Array<string> = []
      yield* semaphore.acquire(2)
      yield* queueUp(semaphore, { large: 3, small: 1, smaller: 1 }, log)
      expect([semaphore.tryAcquire(), semaphore.tryAcquire(0), semaphore.free]).toEqual([false, false, 1])
      semaphore.release(2)
      yield* waitIdle()
      expect([log, semaphore.tryAcquire()]).toEqual([["large"], false])
      semaphore.release(3)
      yield* waitIdle()
      expect(log).toEqual(["large", "small", "smaller"])
      expect([semaphore.tryAcquire(2), semaphore.tryAcquire()]).toEqual([false, true])
    }))

  it("serves as many of those in front as there is enough for", () =>
    runVirtual(function* () {
      const semaphore = new Semaphore(4)
      const log: Array<string> = []
      yield* semaphore.acquire(4)
      yield* queueUp(semaphore, { a: 1, b: 2, c: 2, d: 0 }, log)
      semaphore.release(4)
      yield* waitIdle()
      expect([log, semaphore.free]).toEqual([["a", "b"], 1])
      semaphore.release(3)
      yield* waitIdle()
      expect([log, semaphore.free]).toEqual([["a", "b", "c", "d"], 2])
    }))

  it("lets those behind a cancelled front waiter go on, and takes nothing for it", () =>
    runVirtual(function* () {
      const semaphore = new Semaphore(3)
      const log: Array<string> = []
      yield* semaphore.acquire(1)
      const waiting = yield* queueUp(semaphore, { large: 3, small: 1, medium: 2 }, log)
      waiting["large"]!.interrupt()
      yield* waitIdle()
      expect([log, semaphore.free]).toEqual([["small"], 1])
      semaphore.release(2)
      yield* waiting["medium"]!
      expect(semaphore.free).toBe(1)
    }))

  it("serves nobody early when one in the middle of the line is cancelled", () =>
    runVirtual(function* () {
      const semaphore = new Semaphore(3)
      const log: Array<string> = []
      yield* semaphore.acquire(1)
      const waiting = yield* queueUp(semaphore, { large: 3, medium: 2, small: 1 }, log)
      waiting["medium"]!.interrupt()
      yield* waitIdle()
      expect(log).toEqual([])
      semaphore.release(1)
      yield* waitIdle()
      expect(log).toEqual(["large"])
    }))

  it("makes who wants more than the size wait until cancelled, and holds nobody back for it", () =>
    runVirtual(function* () {
      const semaphore = new Semaphore(2)
      const greedy = go(semaphore.acquire(3))
      yield* waitIdle()
      yield* semaphore.acquire(2)
      semaphore.release(2)
      yield* waitIdle()
      expect([greedy.status, semaphore.tryAcquire(3)]).toEqual(["waiting", false])
      greedy.interrupt()
      yield* waitIdle()
      expect([greedy.status, semaphore.free]).toEqual(["done", 2])
    }))

  it("refuses a release of more than is held, and keeps its count", () =>
    run(function* () {
      const semaphore = new Semaphore(2)
      expect(() => semaphore.release()).toThrow(ReleasedMoreThanHeld)
      yield* semaphore.acquire()
      let error: unknown
      try {
        semaphore.release(2)
      } catch (thrown) {
        error = thrown
      }
      expect(error).toBeInstanceOf(Panic)
      expect(error).toMatchObject({
        name: "ReleasedMoreThanHeld",
        message: "semaphore: released more than held (2 of 1); release what was acquired, once",
        fields: { released: 2, held: 1 },
      })
      expect(semaphore.free).toBe(1)
    }))

  it("refuses numbers of permits that are none, when called", () => {
    const semaphore = new Semaphore(1)
    for (const k of [-1, 0.5, NaN, Infinity, 2 ** 60, "1" as unknown as number]) {
      expect(() => new Semaphore(k)).toThrow(InvalidAmount)
      expect(() => semaphore.acquire(k)).toThrow(InvalidAmount)
      expect(() => semaphore.tryAcquire(k)).toThrow(InvalidAmount)
      expect(() => semaphore.release(k)).toThrow(InvalidAmount)
    }
    expect(() => new Semaphore(-1)).toThrow("semaphore: size < 0 (-1); pass a whole number from 0 on")
    expect(() => semaphore.acquire(-1)).toThrow("semaphore: n < 0 (-1); pass a whole number from 0 on")
    expect(semaphore.free).toBe(1)
  })

  it("takes nothing when an acquire is made, only when it is committed, and again when committed again", () =>
    run(function* () {
      const semaphore = new Semaphore(3)
      const acquire = semaphore.acquire()
      expect(semaphore.free).toBe(3)
      yield* acquire
      yield* acquire
      expect(semaphore.free).toBe(1)
    }))

  it("releases what was acquired when it is disposed: one permit, or several", () =>
    runVirtual(function* () {
      const semaphore = new Semaphore(5)
      {
        using _one = yield* semaphore.acquire()
        using _three = yield* semaphore.acquire(3)
        expect(semaphore.free).toBe(1)
      }
      expect(semaphore.free).toBe(5)
      yield* semaphore.acquire(5)
      const user = go(function* () {
        using _ = yield* semaphore.acquire(2)
        yield* never
      })
      yield* waitIdle()
      semaphore.release(5)
      yield* waitIdle()
      expect(semaphore.free).toBe(3)
      user.interrupt()
      yield* waitIdle()
      expect(semaphore.free).toBe(5)
    }))

  it("releases once what is disposed twice", () =>
    run(function* () {
      const semaphore = new Semaphore(3)
      yield* semaphore.acquire()
      const guard = yield* semaphore.acquire(2)
      guard[Symbol.dispose]()
      guard[Symbol.dispose]()
      expect(semaphore.free).toBe(2)
    }))

  it("waits as a promise, and takes nothing for one whose signal has aborted", async () => {
    const semaphore = new Semaphore(1)
    const first = await semaphore.acquire().promise()
    const abort = new AbortController()
    const second = semaphore.acquire().promise(abort.signal)
    const third = semaphore.acquire().promise()
    abort.abort(new Error("enough"))
    await expect(second).rejects.toThrow("enough")
    await expect(semaphore.acquire().promise(abort.signal)).rejects.toThrow("enough")
    first[Symbol.dispose]()
    await third
    expect(semaphore.free).toBe(0)
  })

  it("waits in an Effect, whose interruption lets the next go on", async () => {
    const semaphore = new Semaphore(2)
    const program = Effect.gen(function* () {
      yield* semaphore.acquire()
      const large = yield* Effect.forkChild(semaphore.acquire(2))
      const small = yield* Effect.forkChild(semaphore.acquire(1))
      yield* Effect.yieldNow
      expect(semaphore.free).toBe(1)
      yield* Fiber.interrupt(large)
      yield* Fiber.join(small)
    })
    await Effect.runPromise(program)
    expect(semaphore.free).toBe(0)
  })
})

describe("Semaphore.withPermits", () => {
  underSchedules("never lets more than its permits into the bodies", function* () {
    const semaphore = new Semaphore(3)
    let inside = 0
    const bodies = [1, 2, 1, 3, 1, 2].map((k) =>
      go(function* () {
        return yield* semaphore.withPermits(k, function* () {
          inside += k
          expect(inside).toBeLessThanOrEqual(3)
          yield* gosched()
          inside -= k
          return k
        })
      }),
    )
    const given: Array<number> = []
    for (const body of bodies) given.push(yield* body)
    expect([given, semaphore.free]).toEqual([[1, 2, 1, 3, 1, 2], 3])
  })

  it("releases them however the body ends: by a throw, or interrupted", () =>
    runVirtual(function* () {
      const semaphore = new Semaphore(2)
      const failing = go(function* () {
        yield* semaphore.withPermits(2, function* () {
          throw new Error("boom")
        })
      })
      expect([yield* thrownBy(failing.join()), semaphore.free]).toEqual([new Error("boom"), 2])
      const stuck = go(function* () {
        yield* semaphore.withPermits(1, function* () {
          yield* never
        })
      })
      yield* waitIdle()
      expect(semaphore.free).toBe(1)
      stuck.interrupt()
      yield* waitIdle()
      expect(semaphore.free).toBe(2)
    }))

  it("refuses what is no function at the call, and takes nothing for one that nobody would wait for", () =>
    run(function* () {
      const semaphore = new Semaphore(1)
      expect(() => semaphore.withPermits(1, 5 as never)).toThrow(InvalidBody)
      const late = go(function* () {
        yield* semaphore.withPermits(1, (async () => {}) as never)
      })
      expect(yield* thrownBy(late.join())).toBeInstanceOf(InvalidBody)
      expect(semaphore.free).toBe(1)
    }))

  it("runs a plain function, and in an Effect a body that is interrupted with the fiber", async () => {
    const semaphore = new Semaphore(2)
    expect(await semaphore.withPermits(2, () => semaphore.free).promise()).toBe(0)
    const log: Array<number> = []
    const body = function* () {
      try {
        yield* never
      } finally {
        log.push(semaphore.free)
      }
    }
    await Effect.runPromise(
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(semaphore.withPermits(2, body))
        while (semaphore.free > 0) yield* sleep(1)
        yield* Fiber.interrupt(fiber)
      }),
    )
    expect([log, semaphore.free]).toEqual([[0], 2])
  })
})
