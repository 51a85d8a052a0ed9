import {
  go,
  goexit,
  GoroutineInterrupted,
  gosched,
  GoroutinePanic,
  InvalidBody,
  never,
  run,
  sleep,
  type Yieldable,
} from "@weft/core"
import { Effect, Exit } from "effect"
import { describe, expect, it } from "vitest"
import { promised } from "../../core/test/support/promised.ts"
import { thrownBy } from "../../core/test/support/thrown-by.ts"
import { underSchedules } from "../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { Once } from "./once.ts"

describe("Once", () => {
  it("runs the first body, plain or a generator, and no other", () =>
    run(function* () {
      const log: Array<string> = []
      const plain = new Once()
      yield* plain.do(() => log.push("plain"))
      yield* plain.do(() => log.push("never"))
      const waiting = new Once()
      yield* waiting.do(function* () {
        yield* gosched()
        log.push("generator")
      })
      yield* waiting.do(function* () {
        log.push("never")
      })
      expect(log).toEqual(["plain", "generator"])
    }))

  underSchedules("lets nobody return before the body has ended", function* () {
    const once = new Once()
    let runs = 0
    let hasEnded = false
    const all = Array.from({ length: 5 }, () =>
      go(function* () {
        yield* once.do(function* () {
          runs++
          yield* gosched()
          yield* gosched()
          hasEnded = true
        })
        expect(hasEnded).toBe(true)
      }),
    )
    for (const goroutine of all) yield* goroutine
    expect(runs).toBe(1)
  })

  it("does nothing when the op is made, only when it is committed", () =>
    run(function* () {
      let runs = 0
      const op = new Once().do(() => runs++)
      yield* gosched()
      expect(runs).toBe(0)
      yield* op
      yield* op
      expect(runs).toBe(1)
    }))

  it("throws what the body throws to the caller that made it run, and counts as done for the others", () =>
    runVirtual(function* () {
      const once = new Once()
      const boom = new Error("boom")
      const body = function* () {
        yield* sleep(1)
        throw boom
      }
      const first = go(thrownBy, once.do(body))
      const second = go(thrownBy, once.do(body))
      expect([yield* first, yield* second, yield* thrownBy(once.do(body))]).toEqual([boom, undefined, undefined])
    }))

  it("fails with the body's failure, as it is", () =>
    run(function* () {
      const once = new Once()
      const failing = go(function* () {
        yield* once.do(function* () {
          yield* Effect.fail("no")
        })
      })
      yield* thrownBy(failing.join())
      expect(failing.exit).toEqual(Exit.fail("no"))
    }))

  it("runs on when the caller that made it run is interrupted, for those who wait", () =>
    runVirtual(function* () {
      const once = new Once()
      const log: Array<string> = []
      const body = function* () {
        yield* sleep(5)
        log.push("done")
      }
      const first = go(once.do(body))
      const second = go(once.do(body))
      yield* waitIdle()
      first.interrupt()
      yield* second
      expect(log).toEqual(["done"])
    }))

  it("counts as a panic, or an unjoined failure, what it throws when the caller that made it run is gone", async () => {
    const leaving = <Y extends Yieldable>(body: () => Generator<Y, void, never>) =>
      runVirtual(function* () {
        const once = new Once()
        const first = go(once.do(body))
        const second = go(once.do(body))
        yield* waitIdle()
        first.interrupt()
        yield* second
        yield* waitIdle()
      })
    const throwing = function* () {
      yield* sleep(5)
      throw new Error("boom")
    }
    await expect(leaving(throwing)).rejects.toThrow(GoroutinePanic)
    const failing = function* () {
      yield* sleep(5)
      yield* Effect.fail("no")
    }
    await expect(leaving(failing)).rejects.toBe("no")
  })

  it("counts as done when the body ends itself by goexit, and who made it run hears of that", () =>
    runVirtual(function* () {
      const once = new Once()
      let runs = 0
      const body = function* () {
        runs++
        yield* goexit()
      }
      const first = go(thrownBy, once.do(body))
      const second = go(thrownBy, once.do(body))
      expect(yield* first).toBeInstanceOf(GoroutineInterrupted)
      expect(yield* second).toBeUndefined()
      yield* once.do(body)
      expect(runs).toBe(1)
    }))

  it.each([
    ["is not begun where its caller has not run", 0, 1],
    ["counts as done when it is interrupted with its run before its first step", 1, 0],
    ["counts as done when it is interrupted with its run", 5, 1],
  ])("%s", async (_, turns, expected) => {
    const once = new Once()
    let runs = 0
    await run(function* () {
      go(
        once.do(function* () {
          runs++
          yield* never
        }),
      )
      for (let i = 0; i < turns; i++) yield* gosched()
    })
    await run(once.do(() => runs++))
    expect(runs).toBe(expected)
  })

  it("waits for ever in its own body, and the report says who runs it", async () => {
    const once = new Once()
    const ended = run(
      function* () {
        yield* once.do(function* inner() {
          yield* once.do(() => undefined)
        })
      },
      { deadlock: "fail" },
    )
    await expect(ended).rejects.toThrow(/sync\.Once\.do[^]*run by goroutine \d+, 2 waiting/)
  })

  it("is done in Effects and promises, and leaves a fiber's interruption to the others", async () => {
    const once = new Once()
    const { promise, resolve } = promised<void>()
    let runs = 0
    const body = function* () {
      runs++
      yield* Effect.promise(() => promise)
    }
    const abort = new AbortController()
    const first = once.do(body).promise(abort.signal)
    const second = Effect.runPromise(once.do(body))
    abort.abort(new Error("enough"))
    await expect(first).rejects.toThrow("enough")
    resolve()
    await second
    await once.do(body).promise()
    expect(runs).toBe(1)
  })

  it("refuses what is no function at the call, and an async one when it has run it", () =>
    run(function* () {
      const once = new Once()
      expect(() => once.do(5 as never)).toThrow(InvalidBody)
      const error = yield* thrownBy(once.do(async () => {}))
      expect(error).toBeInstanceOf(InvalidBody)
      expect((error as Error).message).toContain("Once.do can't start")
      expect(yield* thrownBy(once.do(() => undefined))).toBeUndefined()
    }))
})
