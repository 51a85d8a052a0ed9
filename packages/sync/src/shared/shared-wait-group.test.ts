import { go, gosched, GoroutineInterrupted, InvalidBody, never, Panic, run } from "@weft/core"
import { Effect, Fiber } from "effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { parked, untilWaiting } from "../../../core/test/support/idle.ts"
import { sharedLaws } from "../../test/support/shared-laws.ts"
import { InvalidAmount } from "../invalid-amount.ts"
import { NegativeWaitGroupCounter } from "../wait-group.ts"
import { SharedWaitGroup, WaitGroupOverflow } from "./shared-wait-group.ts"

/** The counter, which only its memory tells. */
const countOf = (group: SharedWaitGroup): number => {
  const { buffer, offset } = group.share()
  return Atomics.load(new Int32Array(buffer, offset), 1) & 0xfffff
}

sharedLaws("SharedWaitGroup", {
  words: 3,
  make: () => new SharedWaitGroup(),
  at: (buffer, offset) => SharedWaitGroup.at(buffer, offset),
  from: (handle) => SharedWaitGroup.from(handle),
  change: (group) => group.add(2),
  state: countOf,
})

/** Two objects on the same memory, as two threads have them. */
function two(): [SharedWaitGroup, SharedWaitGroup] {
  const group = new SharedWaitGroup()
  return [group, SharedWaitGroup.from(group.share())]
}

describe("SharedWaitGroup", () => {
  it("is ready while nothing was added, and again once all is done, on whatever threads", () =>
    run(function* () {
      const [here, there] = two()
      yield* here.wait()
      here.add(2)
      there.done()
      there.add(-1)
      yield* here.wait()
    }))

  it("releases every waiter on every thread at zero, and none before", () =>
    run(function* () {
      const [here, there] = two()
      here.add(2)
      const waiting = [go(here.wait()), go(there.wait()), go(there.wait())]
      yield* untilWaiting(...waiting)
      there.done()
      for (let i = 0; i < 20; i++) yield* gosched()
      expect(waiting.map(({ status }) => status)).toEqual(["waiting", "waiting", "waiting"])
      here.done()
      for (const goroutine of waiting) yield* goroutine
    }))

  it("releases for good: raised again before they run, the released still go, and those who come then wait", () =>
    run(function* () {
      const [here, there] = two()
      here.add(1)
      const waiting = [go(here.wait()), go(there.wait())]
      yield* untilWaiting(...waiting)
      there.done()
      there.add(1)
      const next = go(there.wait())
      for (const goroutine of waiting) yield* goroutine
      yield* untilWaiting(next)
      here.done()
      yield* next
    }))

  it("releases one whose thread does something else while zero is reached 4,096 times, and the next round is begun", () =>
    run(function* () {
      const [here, there] = two()
      here.add(1)
      const waiting = yield* parked(go(there.wait()))
      // In one go: the host tells nobody meanwhile.
      for (let round = 0; round < 4_096; round++) {
        here.done()
        here.add(1)
      }
      yield* waiting
    }))

  it("counts its rounds on after 4,096 of them", () =>
    run(function* () {
      const [here, there] = two()
      for (let round = 0; round < 5_000; round++) {
        here.add(1)
        there.done()
      }
      expect(countOf(here)).toBe(0)
      here.add(1)
      const waiting = go(here.wait())
      yield* untilWaiting(waiting)
      there.done()
      yield* waiting
    }))

  it("refuses to go below zero, or beyond what its word can hold, and keeps its count", () => {
    const group = new SharedWaitGroup()
    group.add(1)
    expect(() => group.add(-2)).toThrow(NegativeWaitGroupCounter)
    group.add(0xffffe)
    expect(() => group.add(1)).toThrow(WaitGroupOverflow)
    expect(() => group.add(1)).toThrow(
      "sync: SharedWaitGroup counter too large (1048575 + 1); it holds 1048575, so count groups of goroutines",
    )
    expect(() => group.add(1)).toThrow(Panic)
    expect(countOf(group)).toBe(0xfffff)
    expect(() => group.add(0.5)).toThrow(InvalidAmount)
    expect(() => group.add("1" as never)).toThrow('sync: SharedWaitGroup.add ("1"); pass a whole number')
  })

  it("counts a goroutine until it ends, however it ends", () =>
    run(function* () {
      const [here, there] = two()
      const goroutines = [
        here.go(function* () {}),
        here.go(function* () {
          yield* never
        }),
        here.go(function* () {
          yield* gosched()
          throw new Error("joined")
        }),
      ] as const
      const thrown = go(thrownBy, goroutines[2].join())
      expect(countOf(there)).toBe(3)
      goroutines[1].interrupt()
      yield* there.wait()
      expect(yield* thrownBy(goroutines[1].join())).toBeInstanceOf(GoroutineInterrupted)
      expect(String(yield* thrown)).toBe("Error: joined")
    }))

  it("gives a body its arguments", () =>
    run(function* () {
      const join = function* (a: number, b: string) {
        return `${a}${b}`
      }
      expect(yield* new SharedWaitGroup().go(join, 1, "b")).toBe("1b")
    }))

  it("starts nothing where it can't be counted, and counts nothing that can't be started", () =>
    run(function* () {
      const group = new SharedWaitGroup()
      expect(() => group.go((async () => {}) as never)).toThrow(InvalidBody)
      expect(() => group.go((() => 5) as never)).toThrow(/^weft: SharedWaitGroup\.go can.t start a plain function/)
      expect(countOf(group)).toBe(0)
      group.add(0xfffff)
      let hasRun = false
      expect(() =>
        group.go(function* () {
          hasRun = true
        }),
      ).toThrow(WaitGroupOverflow)
      yield* gosched()
      yield* gosched()
      expect(hasRun).toBe(false)
    }))

  it("wakes who waits for what a thread did that ended before it could tell", () =>
    run(function* () {
      const group = new SharedWaitGroup()
      group.add(1)
      const waiting = go(group.wait())
      yield* untilWaiting(waiting)
      // The next round, and zero.
      Atomics.store(new Int32Array(group.share().buffer), 1, 1 << 20)
      group.threadDied(77_777)
      yield* waiting
    }))

  it("lets nobody go on who waits again while it counts, though a fiber does that inside its wake-up", async () => {
    const group = new SharedWaitGroup()
    group.add(1)
    const log: Array<string> = []
    const fiber = Effect.runFork(
      Effect.gen(function* () {
        yield* group.wait()
        log.push("first")
        group.add(1)
        yield* group.wait()
        log.push("second")
      }),
    )
    group.done()
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(log).toEqual(["first"])
    group.done()
    await Effect.runPromise(Fiber.join(fiber))
    expect(log).toEqual(["first", "second"])
  })
})
