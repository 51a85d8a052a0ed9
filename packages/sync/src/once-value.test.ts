import { go, goexit, GoroutineInterrupted, gosched, GoroutinePanic, InvalidBody, run, sleep } from "@weft/core"
import { Effect, Exit } from "effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../core/test/support/thrown-by.ts"
import { underSchedules } from "../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { onceFunc, onceValue } from "./once-value.ts"

describe("onceValue", () => {
  it("gives what a plain or a generator function returned, the same each time", () =>
    run(function* () {
      const plain = onceValue(() => ({}))
      expect(yield* plain()).toBe(yield* plain())
      const waiting = onceValue(function* () {
        yield* gosched()
        return { n: 1 }
      })
      const value = yield* waiting()
      expect(value).toEqual({ n: 1 })
      expect(yield* waiting()).toBe(value)
    }))

  underSchedules("runs once for all who ask meanwhile", function* () {
    let runs = 0
    const value = onceValue(function* () {
      yield* gosched()
      return ++runs
    })
    const all = Array.from({ length: 5 }, () => go(value()))
    for (const goroutine of all) expect(yield* goroutine).toBe(1)
    expect(runs).toBe(1)
  })

  it("does not run before somebody waits", () =>
    run(function* () {
      let runs = 0
      const value = onceValue(() => ++runs)
      const op = value()
      yield* gosched()
      expect(runs).toBe(0)
      expect(yield* op).toBe(1)
    }))

  it("throws to every caller what the function threw, the same each time, undefined too", () =>
    runVirtual(function* () {
      for (const thrown of [new Error("boom"), undefined]) {
        let runs = 0
        const value = onceValue(function* () {
          runs++
          yield* sleep(1)
          throw thrown
        })
        const caught = function* () {
          try {
            yield* value()
          } catch (error) {
            return { error }
          }
          return undefined
        }
        const all = [go(caught), go(caught)]
        for (const goroutine of all) expect((yield* goroutine)!.error).toBe(thrown)
        expect((yield* caught())!.error).toBe(thrown)
        expect(runs).toBe(1)
      }
    }))

  it("keeps a failure apart from a panic, for every caller", () =>
    run(function* () {
      const value = onceValue(function* () {
        return yield* Effect.fail("no")
      })
      for (let i = 0; i < 2; i++) {
        const failing = go(value())
        yield* thrownBy(failing.join())
        expect(failing.exit).toEqual(Exit.fail("no"))
      }
    }))

  it("runs on when all its callers are interrupted, and gives its value to the next", () =>
    runVirtual(function* () {
      const value = onceValue(function* () {
        yield* sleep(5)
        return 7
      })
      const first = go(value())
      yield* waitIdle()
      first.interrupt()
      yield* thrownBy(first.join())
      expect(yield* value()).toBe(7)
    }))

  it("is a panic when it throws and nobody waits; the next caller gets it, too", async () => {
    const boom = new Error("boom")
    const value = onceValue(function* () {
      yield* sleep(5)
      throw boom
    })
    const leaving = runVirtual(function* () {
      const first = go(value())
      yield* waitIdle()
      first.interrupt()
      yield* sleep(50)
    })
    await expect(leaving).rejects.toThrow(GoroutinePanic)
    await expect(value().promise()).rejects.toBe(boom)
  })

  it("tells every caller where the function ended itself by goexit, or was interrupted with its run", async () => {
    let runs = 0
    const exiting = onceValue(function* () {
      runs++
      return yield* goexit()
    })
    await run(function* () {
      for (let i = 0; i < 2; i++) expect(yield* thrownBy(exiting())).toBeInstanceOf(GoroutineInterrupted)
    })
    expect(runs).toBe(1)
    const cut = onceValue(function* () {
      yield* sleep(1000)
    })
    await run(function* () {
      go(cut())
      for (let i = 0; i < 5; i++) yield* gosched()
    })
    await expect(cut().promise()).rejects.toThrow(GoroutineInterrupted)
  })

  it("says what it waits for", () =>
    runVirtual(function* () {
      const value = onceValue(function* load() {
        yield* sleep(5)
      })
      const waiting = go(value())
      yield* waitIdle()
      expect(waiting.waitReason).toBe("sync.onceValue")
      expect(waiting.waitDetail).toMatch(/^run by goroutine \d+, 1 waiting$/)
      yield* waiting
    }))

  it("refuses what is no function at the call, and tells every caller of an async one", () =>
    run(function* () {
      expect(() => onceValue(5 as never)).toThrow(InvalidBody)
      const value = onceValue(async () => {})
      for (let i = 0; i < 2; i++) expect(yield* thrownBy(value())).toBeInstanceOf(InvalidBody)
    }))
})

describe("onceFunc", () => {
  it("runs once, and gives nothing", () =>
    run(function* () {
      let runs = 0
      const init = onceFunc(() => ++runs)
      expect([yield* init(), yield* init(), runs]).toEqual([undefined, undefined, 1])
      const waiting = onceFunc(function* () {
        yield* gosched()
        return ++runs
      })
      const other = go(waiting())
      expect([yield* waiting(), yield* other, runs]).toEqual([undefined, undefined, 2])
    }))

  it("throws to every caller what the function threw", () =>
    run(function* () {
      const boom = new Error("boom")
      const init = onceFunc(() => {
        throw boom
      })
      for (let i = 0; i < 2; i++) expect(yield* thrownBy(init())).toBe(boom)
    }))
})
