import { go, gosched, Op, run } from "@weft/core"
import { afterAll, describe, expect, it } from "vitest"
import { parked, untilWaiting } from "../../../core/test/support/idle.ts"
import { sharedLaws } from "../../test/support/shared-laws.ts"
import { InvalidAmount } from "../invalid-amount.ts"
import { SharedBarrier } from "./shared-barrier.ts"
import { SharedSizeMismatch } from "./shared-size-mismatch.ts"

const over = new AbortController()
afterAll(() => over.abort())

sharedLaws("SharedBarrier", {
  words: 4,
  make: () => new SharedBarrier(3),
  at: (buffer, offset) => SharedBarrier.at(3, buffer, offset),
  from: (handle) => SharedBarrier.from(handle),
  change: (barrier) =>
    void barrier
      .wait()
      .promise(over.signal)
      .catch(() => undefined),
  state: (barrier) => barrier.waiting,
})

/** Objects on the same memory, as so many threads have them. */
function several(count: number, parties: number): Array<SharedBarrier> {
  const barrier = new SharedBarrier(parties)
  return Array.from({ length: count }, () => SharedBarrier.from(barrier.share()))
}

describe("SharedBarrier", () => {
  it("lets nobody go on before all have arrived, on whatever threads, round after round", () =>
    run(function* () {
      const passed = [0, 0, 0, 0]
      const [here, there] = several(2, 4)
      const all = [here!, there!, here!, there!].map((barrier, i) =>
        go(function* () {
          for (let round = 0; round < 10; round++) {
            yield* barrier.wait()
            passed[i]!++
            expect(Math.max(...passed) - Math.min(...passed)).toBeLessThanOrEqual(1)
          }
        }),
      )
      for (const goroutine of all) yield* goroutine
      expect([passed, here!.waiting]).toEqual([[10, 10, 10, 10], 0])
    }))

  it("gives each its place in the round; the last does not wait", () =>
    run(function* () {
      const [one, two, three] = several(3, 3)
      const waiting = [go(one!.wait())]
      yield* untilWaiting(waiting[0]!)
      waiting.push(go(two!.wait()))
      yield* untilWaiting(waiting[1]!)
      expect([three!.waiting, three!.parties]).toEqual([2, 3])
      expect(yield* three!.wait()).toBe(2)
      expect([yield* waiting[0]!, yield* waiting[1]!, three!.waiting]).toEqual([0, 1, 0])
    }))

  it("is passed at once by the only one of its round", () =>
    run(function* () {
      expect(yield* new SharedBarrier(1).wait()).toBe(0)
    }))

  it("counts a waiter that was withdrawn as one that never came", () =>
    run(function* () {
      const [here, there] = several(2, 2)
      const victim = go(here!.wait())
      yield* untilWaiting(victim)
      victim.interrupt()
      expect(there!.waiting).toBe(0)
      const waiting = go(there!.wait())
      yield* untilWaiting(waiting)
      expect(yield* here!.wait()).toBe(1)
      yield* waiting
    }))

  it("gives the last place to the last alone, also where one was withdrawn whose place another has then as well", () =>
    run(function* () {
      const [here, there] = several(2, 3)
      const victim = yield* parked(go(here!.wait()))
      const waiting = [yield* parked(go(there!.wait()))]
      victim.interrupt()
      waiting.push(yield* parked(go(here!.wait())))
      expect(yield* there!.wait()).toBe(2)
      expect([yield* waiting[0]!, yield* waiting[1]!]).toEqual([1, 1])
    }))

  it("leaves one counted that is withdrawn when its round has ended on another thread, and it has not been told", () =>
    run(function* () {
      const [here, there] = several(2, 2)
      const victim = go(here!.wait())
      yield* untilWaiting(victim)
      expect(yield* there!.wait()).toBe(1)
      victim.interrupt()
      for (let i = 0; i < 20; i++) yield* gosched()
      expect([victim.wasInterrupted, here!.waiting]).toEqual([true, 0])
    }))

  it("takes one that is withdrawn late out of no round after its own", () =>
    run(function* () {
      const [here, there] = several(2, 2)
      const victim = yield* parked(go(here!.wait()))
      // In one go: its thread is not told meanwhile.
      void there!.wait().promise()
      const next = there!.wait().promise()
      victim.interrupt()
      expect(here!.waiting).toBe(1)
      yield* here!.wait()
      expect(yield* Op.fromPromise(() => next)).toBe(0)
    }))

  it("makes two arrivals of one goroutine's two ops", () =>
    run(function* () {
      const [here] = several(1, 2)
      const wait = here!.wait()
      const [first, second] = [go(wait), go(wait)]
      expect([yield* first, yield* second].toSorted()).toEqual([0, 1])
    }))

  it("counts its rounds round after 65,536 of them", () =>
    run(function* () {
      const [here, there] = several(2, 2)
      const words = new Int32Array(here!.share().buffer)
      Atomics.store(words, 1, 0xffff << 16)
      Atomics.store(words, 3, -1)
      for (let round = 0; round < 3; round++) {
        const waiting = go(here!.wait())
        yield* untilWaiting(waiting)
        yield* there!.wait()
        yield* waiting
      }
    }))

  it("lets one go on whose thread does something else while 65,536 rounds end", () =>
    run(function* () {
      const [here] = several(1, 2)
      const waiting = yield* parked(go(here!.wait()))
      const words = new Int32Array(here!.share().buffer)
      Atomics.store(words, 1, 0)
      Atomics.store(words, 3, 65_536)
      here!.threadDied(77_777)
      expect(yield* waiting).toBe(0)
    }))

  it("wakes who waits for a thread that ended before it could tell of the round's end", () =>
    run(function* () {
      const [here] = several(1, 2)
      const waiting = go(here!.wait())
      yield* untilWaiting(waiting)
      Atomics.store(new Int32Array(here!.share().buffer), 1, 1 << 16)
      here!.threadDied(77_777)
      expect(yield* waiting).toBe(0)
    }))

  it("refuses a number of parties that is none, or that memory has another of", () => {
    for (const bad of [0, -1, 1.5, Number.NaN]) expect(() => new SharedBarrier(bad)).toThrow(InvalidAmount)
    expect(() => new SharedBarrier(65_536)).toThrow(
      "barrier: parties > 65535 (65536); pass a whole number from 1 to 65535",
    )
    const { buffer, offset } = new SharedBarrier(3).share()
    expect(() => SharedBarrier.at(2, buffer, offset)).toThrow(SharedSizeMismatch)
    expect(SharedBarrier.at(3, buffer, offset).parties).toBe(3)
  })
})
