/** Latch and Barrier in every schedule. */
import { select } from "@weft/channels"
import { go, gosched, type WaitList } from "@weft/core"
import { explore, invariant, shadow } from "@weft/core/testing"
import { Barrier, Latch } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { expectNothingLeft } from "../../../core/test/support/left-over.ts"
import { planted } from "../../../core/test/support/planted.ts"
import { byChance } from "../../../core/test/support/soak.ts"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"

interface LatchState {
  count: number
  readonly waiters: WaitList
}
const stateOf = (latch: Latch): LatchState => latch.wait().on as unknown as LatchState

describe("a latch", () => {
  it("releases nobody before zero and everybody at it, whoever is interrupted", async () => {
    const { schedules } = await explore.check({ shares: "ops" }, function* () {
      const latch = new Latch(2)
      const state = stateOf(latch)
      invariant(() => state.waiters.isEmpty || state.count > 0, "nobody waits for a latch that is open")
      const waiters = [0, 1].map(() =>
        go(function* () {
          yield* latch.wait()
          expect(latch.count).toBe(0)
        }),
      )
      const counters = [0, 1].map(() =>
        go(function* () {
          latch.countDown()
        }),
      )
      const interrupter = go(function* () {
        waiters[0]!.interrupt()
      })
      for (const each of [...waiters, ...counters, interrupter]) yield* thrownBy(each.join())
      expect(waiters[1]!.wasInterrupted).toBe(false)
      expectNothingLeft(state)
    })
    expect(schedules).toBe(1964)
  })

  it("orders what is done before it is counted down and after it opened: no data race", async () => {
    const { schedules } = await explore.check({}, function* () {
      const latch = new Latch(2)
      const slots = [shadow(0), shadow(0)]
      const counters = slots.map((slot) =>
        go(function* () {
          slot.value++
          latch.countDown()
        }),
      )
      yield* latch.wait()
      expect(slots.map((slot) => slot.value)).toEqual([1, 1])
      for (const counter of counters) yield* counter
    })
    expect(schedules).toBe(6)
  })
})

interface Round {
  arrived: number
  readonly waiters: WaitList
}
interface BarrierState {
  round: Round
  pass(): unknown
}
const barrierStateOf = (barrier: Barrier): BarrierState => barrier.wait().on as unknown as BarrierState

/** Its own invariants (barrier.ts) must hold from here on after every step. */
function sound(parties: number): Barrier {
  const barrier = new Barrier(parties)
  const state = barrierStateOf(barrier)
  invariant(
    () => state.round.arrived < parties && state.round.arrived === state.round.waiters.length,
    "fewer wait than make a round",
  )
  return barrier
}

/** Nobody is in a round while another has not left the one before. */
const rounds = (make: (parties: number) => Barrier, parties: number, n: number) =>
  function* () {
    const barrier = make(parties)
    const arrivals = Array.from({ length: n }, () => 0)
    const all = Array.from({ length: parties }, () =>
      go(function* () {
        for (const round of arrivals.keys()) {
          arrivals[round]!++
          yield* barrier.wait()
          expect(arrivals[round]).toBe(parties)
        }
      }),
    )
    for (const each of all) yield* each
    expectNothingLeft(barrierStateOf(barrier).round)
  }

/** One of three gives up at every step, and comes again: with it the round is full, and it has places 0, 1 and 2. */
const comingAgain = (make: (parties: number) => Barrier) =>
  function* () {
    const barrier = make(3)
    const first = go(barrier.wait())
    const interrupter = go(function* () {
      first.interrupt()
    })
    const others = [go(barrier.wait()), go(barrier.wait())]
    yield* thrownBy(first.join())
    const again = first.wasInterrupted ? [go(barrier.wait())] : []
    const places: Array<number> = []
    for (const each of [...(first.wasInterrupted ? [] : [first]), ...others, ...again]) places.push(yield* each)
    expect(places.sort()).toEqual([0, 1, 2])
    yield* interrupter
    expectNothingLeft(barrierStateOf(barrier).round)
  }

describe("a barrier", () => {
  it("keeps its rounds apart: two goroutines, two rounds", async () => {
    const { schedules } = await explore.check({}, rounds(sound, 2, 2))
    expect(schedules).toBe(32)
  })

  it("lets three go on at one moment", async () => {
    const { schedules } = await explore.check({ shares: "ops" }, rounds(sound, 3, 1))
    expect(schedules).toBe(32)
  })

  it("counts one that is interrupted at whatever step as if it had never come", async () => {
    const { schedules } = await explore.check({ shares: "ops" }, comingAgain(sound))
    expect(schedules).toBe(2060)
  })

  it("counts a select that took another case as if it had never come", async () => {
    const taken = new Set<string>()
    const { schedules } = await explore.check({ shares: "ops" }, function* () {
      const barrier = sound(2)
      const quit = go(function* () {
        yield* gosched()
      })
      const selecting = go(function* () {
        return (yield* select({ passed: barrier.wait(), quit: quit.join() })).case
      })
      const waiting = go(barrier.wait())
      const hit = yield* selecting
      taken.add(hit)
      expect(barrier.waiting).toBeLessThan(2)
      if (hit === "quit") expect((yield* barrier.wait()) + (yield* waiting)).toBe(1)
      yield* waiting
      yield* quit
      expectNothingLeft(barrierStateOf(barrier).round)
    })
    expect(taken).toEqual(new Set(["passed", "quit"]))
    expect(schedules).toBe(72)
  })

  it.each(byChance(1000))(
    "keeps four rounds of four apart, in many schedules ($strategy)",
    { tags: "long" },
    async (options) => {
      await explore.check(options, rounds(sound, 4, 4))
    },
  )
})

/** Counts whoever gave up. */
function keeping(parties: number): Barrier {
  const barrier = new Barrier(parties)
  const state = barrierStateOf(barrier)
  const { remove } = state.round.waiters
  state.round.waiters.remove = (waiter) => {
    remove.call(state.round.waiters, waiter)
    state.round.arrived++
  }
  return barrier
}

/** Lets one go on too early. */
function early(parties: number): Barrier {
  const barrier = new Barrier(parties)
  const state = barrierStateOf(barrier)
  const { pass } = state
  let n = 0
  state.pass = () => (++n === parties + 1 ? 0 : pass.call(state))
  return barrier
}

describe("explore finds a barrier that", () => {
  it("counts one that gave up", async () => {
    expect(await planted(comingAgain(keeping), { shares: "ops" })).toMatchObject({ name: "DeadlockError" })
  })

  it("lets somebody into a round before all have left the one before", async () => {
    expect(await planted(rounds(early, 2, 2), {})).toMatchObject({ cause: { name: "AssertionError" } })
  })
})
