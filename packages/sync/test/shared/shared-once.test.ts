import { chan, select } from "@weft/channels"
import { failure, go, goexit, GoroutineInterrupted, gosched, InvalidBody, isFailure, never, Op, run } from "@weft/core"
import { Effect, Fiber } from "effect"
import { describe, expect, it } from "vitest"
import { promised } from "../../../core/test/support/promised.ts"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { untilWaiting } from "../../../core/test/support/idle.ts"
import { sharedLaws } from "../support/shared-laws.ts"
import { SharedOnce } from "../../src/shared/shared-once.ts"

sharedLaws("SharedOnce", {
  words: 2,
  make: () => new SharedOnce(),
  at: (buffer, offset) => SharedOnce.at(buffer, offset),
  from: (handle) => SharedOnce.from(handle),
  change: (once) => Atomics.store(new Int32Array(once.share().buffer, once.share().offset), 1, -1),
  state: (once) => once.done,
})

/** Two objects on the same memory, as two threads have them. */
function two(): [SharedOnce, SharedOnce] {
  const once = new SharedOnce()
  return [once, SharedOnce.from(once.share())]
}

describe("SharedOnce", () => {
  it("runs the first body, plain or a generator, and no other, on any thread", () =>
    run(function* () {
      for (const isPlain of [true, false]) {
        const [here, there] = two()
        const log: Array<string> = []
        yield* isPlain
          ? here.do(() => log.push("first"))
          : here.do(function* () {
              yield* gosched()
              log.push("first")
            })
        expect([here.done, there.done]).toEqual([true, true])
        yield* here.do(() => log.push("second"))
        yield* there.do(() => log.push("third"))
        expect(log).toEqual(["first"])
      }
    }))

  it("lets nobody return before the body has ended, on any thread", () =>
    run(function* () {
      const [here, there] = two()
      const opened = chan<void>()
      const first = go(function* () {
        yield* here.do(function* () {
          yield* opened.receive()
        })
      })
      yield* untilWaiting(first)
      const others = [here, there, there].map((once) => go(once.do(() => void expect.unreachable())))
      yield* untilWaiting(...others)
      expect([here.done, there.done]).toEqual([false, false])
      yield* opened.send()
      for (const goroutine of [first, ...others]) yield* goroutine
      expect(there.done).toBe(true)
    }))

  it("does nothing when the op is made, and begins in a select only when that has to wait", () =>
    run(function* () {
      const once = new SharedOnce()
      const begins = (): void => void expect.unreachable()
      once.do(begins)
      const hit = yield* select.ordered({ now: gosched(), once: once.do(begins) })
      expect([hit.case, once.done]).toEqual(["now", false])
    }))

  it("throws what the body throws, or fails with, to the caller that made it run, and to no other", () =>
    run(function* () {
      for (const error of [new Error("boom"), failure({ _tag: "Failed" })]) {
        const [here, there] = two()
        const throwing = here.do(function* () {
          yield* gosched()
          throw error
        })
        const first = go(throwing as Op<void>)
        yield* untilWaiting(first)
        const others = [go(here.do(() => {})), go(there.do(() => {}))]
        const thrown = yield* thrownBy(first.join())
        expect([thrown, isFailure(thrown)]).toEqual([error, isFailure(error)])
        for (const goroutine of others) yield* goroutine
        expect(there.done).toBe(true)
      }
    }))

  it("runs on when the caller that made it run is interrupted, for those who wait", () =>
    run(function* () {
      const [here, there] = two()
      const opened = chan<void>()
      let hasEnded = false
      const first = go(
        here.do(function* () {
          yield* opened.receive()
          hasEnded = true
        }),
      )
      yield* untilWaiting(first)
      const others = [go(here.do(() => {})), go(there.do(() => {}))]
      yield* untilWaiting(...others)
      first.interrupt()
      yield* opened.send()
      for (const goroutine of others) yield* goroutine
      expect(hasEnded).toBe(true)
    }))

  it("panics with what it throws when the caller that made it run is gone", async () => {
    const running = run(function* () {
      const once = new SharedOnce()
      const first = go(
        once.do(function* () {
          yield* gosched()
          yield* gosched()
          throw new Error("nobody hears")
        }) as Op<void>,
      )
      yield* untilWaiting(first)
      first.interrupt()
      yield* once.do(() => {})
      yield* never
    })
    await expect(running).rejects.toMatchObject({ name: "GoroutinePanic", cause: { message: "nobody hears" } })
  })

  it("counts as done when the body ends itself by goexit, and who made it run hears of that", () =>
    run(function* () {
      const [here, there] = two()
      const ended = here.do(function* () {
        yield* goexit()
      })
      expect(yield* thrownBy(ended)).toBeInstanceOf(GoroutineInterrupted)
      expect(there.done).toBe(true)
    }))

  it("counts as done when the run ends that it belongs to", async () => {
    const [here, there] = two()
    await run(function* () {
      const caller = go(
        here.do(function* () {
          yield* never
        }),
      )
      yield* untilWaiting(caller)
    })
    expect(there.done).toBe(true)
  })

  it("is done in Effects and promises, and leaves a fiber's interruption to the others", async () => {
    const [here, there] = two()
    const { promise, resolve } = promised<void>()
    const victim = Effect.runFork(
      here.do(function* () {
        yield* Op.fromPromise(promise)
      }),
    )
    const waiting = there.do(() => void expect.unreachable()).promise()
    await Effect.runPromise(Fiber.interrupt(victim))
    resolve()
    await waiting
    expect(here.done).toBe(true)
  })

  it("refuses what is no function at the call, and an async one when it has run it", () =>
    run(function* () {
      const once = new SharedOnce()
      expect(() => once.do(5 as never)).toThrow(InvalidBody)
      expect(yield* thrownBy(once.do(async () => {}))).toBeInstanceOf(InvalidBody)
    }))

  it("is for the next who waits, or comes, when the thread that ran it has ended", () =>
    run(function* () {
      const [here, there] = two()
      const stranger = 77_777
      Atomics.store(new Int32Array(here.share().buffer), 1, stranger)
      const log: Array<string> = []
      const waiting = [here, there].map((once, i) => go(once.do(() => log.push(`${i}`))))
      yield* untilWaiting(...waiting)
      expect(waiting[0]!.waitDetail).toBe(`a shared once (run by thread ${stranger})`)
      there.threadDied(stranger)
      for (const goroutine of waiting) yield* goroutine
      expect([log.length, here.done]).toEqual([1, true])
    }))
})
