import { go, type Goroutine, gosched, run } from "@weft/core"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { underSchedules } from "../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { Barrier } from "./barrier.ts"
import { InvalidAmount } from "./invalid-amount.ts"

describe("Barrier", () => {
  underSchedules("lets nobody into a round before all have left the one before, round after round", function* () {
    const parties = 3
    const barrier = new Barrier(parties)
    const rounds = [0, 0, 0, 0]
    const all = Array.from({ length: parties }, () =>
      go(function* () {
        for (const round of rounds.keys()) {
          yield* gosched()
          rounds[round]!++
          yield* barrier.wait()
          expect(rounds[round]).toBe(parties)
        }
      }),
    )
    for (const each of all) yield* each
    expect([rounds, barrier.waiting]).toEqual([[3, 3, 3, 3], 0])
  })

  underSchedules("gives each of a round another place, the last one parties - 1", function* () {
    const barrier = new Barrier(4)
    const places: Array<number> = []
    const all = Array.from({ length: 4 }, () =>
      go(function* () {
        places.push(yield* barrier.wait())
      }),
    )
    for (const each of all) yield* each
    expect(places.sort()).toEqual([0, 1, 2, 3])
  })

  it("says how many have arrived", () =>
    runVirtual(function* () {
      const barrier = new Barrier(3)
      const waiting = [go(barrier.wait()), go(barrier.wait())]
      yield* waitIdle()
      expect([barrier.waiting, barrier.parties, waiting[0]!.waitReason, waiting[0]!.waitDetail]).toEqual([
        2,
        3,
        "sync.Barrier.Wait",
        "a barrier (2 of 3 arrived)",
      ])
      expect(yield* barrier.wait()).toBe(2)
      expect([yield* waiting[0]!, yield* waiting[1]!]).toEqual([0, 1])
    }))

  it("is passed at once by the only one of its round", () =>
    run(function* () {
      const barrier = new Barrier(1)
      expect([yield* barrier.wait(), yield* barrier.wait()]).toEqual([0, 0])
    }))

  it("counts a waiter that was withdrawn as one that never came: the others wait on, and move up", () =>
    runVirtual(function* () {
      const barrier = new Barrier(3)
      const [first, second] = [go(barrier.wait()), go(barrier.wait())]
      yield* waitIdle()
      first.interrupt()
      yield* waitIdle()
      expect([barrier.waiting, second.status]).toEqual([1, "waiting"])
      const third = go(barrier.wait())
      yield* waitIdle()
      expect(yield* barrier.wait()).toBe(2)
      expect([yield* second, yield* third]).toEqual([0, 1])
    }))

  it("counts one that is interrupted while his round ends out of no other round", () =>
    run(
      function* () {
        const barrier = new Barrier(3)
        const second: { goroutine?: Goroutine<number> } = {}
        const fiber = go(Effect.map(barrier.wait(), () => second.goroutine!.interrupt()))
        while (barrier.waiting < 1) yield* gosched()
        second.goroutine = go(barrier.wait())
        while (barrier.waiting < 2) yield* gosched()
        expect([yield* barrier.wait(), barrier.waiting]).toEqual([2, 0])
        yield* fiber
        expect(second.goroutine.wasInterrupted).toBe(true)
      },
      { deadlock: "fail" },
    ))

  it("counts whoever arrives again while his round still ends into the next: a fiber runs on at once", () =>
    run(
      function* () {
        const barrier = new Barrier(2)
        const places: Array<number> = []
        const twice = Effect.gen(function* () {
          places.push(yield* barrier.wait())
          places.push(yield* barrier.wait())
        })
        const fiber = go(twice)
        while (barrier.waiting === 0) yield* gosched()
        expect([yield* barrier.wait(), barrier.waiting]).toEqual([1, 1])
        yield* barrier.wait()
        yield* fiber
        expect(places).toEqual([0, 0])
      },
      { deadlock: "fail" },
    ))

  it("withdraws a promise whose signal has aborted", async () => {
    const barrier = new Barrier(2)
    const abort = new AbortController()
    const gone = barrier.wait().promise(abort.signal)
    abort.abort(new Error("enough"))
    await expect(gone).rejects.toThrow("enough")
    expect(barrier.waiting).toBe(0)
    expect(await Promise.all([barrier.wait().promise(), barrier.wait().promise()])).toEqual([0, 1])
  })

  it("refuses a number of parties that is none", () => {
    for (const parties of [0, -1, 1.5, NaN]) expect(() => new Barrier(parties)).toThrow(InvalidAmount)
    expect(() => new Barrier(0)).toThrow("barrier: parties < 1 (0); pass a whole number from 1 on")
  })
})
