/** A SingleFlight in every schedule: whoever leaves it at whatever step, the others get a result, and work goes on for nobody. */
import { select } from "@weft/channels"
import { go, type Goroutine, gosched, never, numGoroutine, type Op, scope, type WaitList } from "@weft/core"
import { explore, invariant } from "@weft/core/testing"
import { type Flown, SingleFlight } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { expectNothingLeft } from "../../../core/test/support/left-over.ts"
import { planted } from "../../../core/test/support/planted.ts"
import { byChance } from "../../../core/test/support/soak.ts"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"

interface State {
  readonly flights: Map<unknown, { readonly waiters: WaitList }>
}

const stateOf = (flights: SingleFlight<string, number>): State =>
  flights.do("any", function* () {
    return 0
  }).on as unknown as State

type Make = () => SingleFlight<string, number>

/** Its own invariants (single-flight.ts) must hold from here on after every step. */
const sound: Make = () => {
  const flights = new SingleFlight<string, number>()
  const state = stateOf(flights)
  invariant(
    () => [...state.flights.values()].every(({ waiters }) => !waiters.isEmpty),
    "somebody waits for each flight",
  )
  return flights
}

/** At the end all flights have landed, and nobody is left. */
function expectAllLanded(flights: SingleFlight<string, number>): void {
  expect(stateOf(flights).flights.size).toBe(0)
  expectNothingLeft()
}

/** Work that counts how many of it are under way, and how many have run. */
class Work {
  runs = 0
  underWay = 0
  readonly body: () => Generator<never, number, never>

  constructor(steps = 1) {
    const self = this
    this.body = function* () {
      const run = ++self.runs
      self.underWay++
      try {
        for (let i = 0; i < steps; i++) yield* gosched()
        return run
      } finally {
        self.underWay--
      }
    } as () => Generator<never, number, never>
  }
}

/** So many callers of one key: each run is for all who came while it was under way. */
const sharing = (make: Make, n: number) =>
  function* () {
    const flights = make()
    const work = new Work()
    const callers = Array.from({ length: n }, () => go(flights.do("key", work.body)))
    const given = new Map<number, Array<boolean>>()
    for (const caller of callers) {
      const { shared, value } = yield* caller
      given.set(value, [...(given.get(value) ?? []), shared])
    }
    expect(given.size).toBe(work.runs)
    for (const shared of given.values()) expect(shared.every((each) => each === shared.length > 1)).toBe(true)
    expectAllLanded(flights)
  }

/** Two callers, one of whom is interrupted at every step: the other gets a value, and nothing is under way in the end. */
const leaving = (make: Make) =>
  function* () {
    const flights = make()
    const work = new Work()
    const callers = [0, 1].map(() => go(flights.do("key", work.body)))
    const interrupter = go(function* () {
      callers[0]!.interrupt()
    })
    for (const each of [...callers, interrupter]) yield* thrownBy(each.join())
    expect([callers[1]!.exit?._tag, work.underWay]).toEqual(["Success", 0])
    expectAllLanded(flights)
  }

/** Forgotten at every step: the old work's end does not remove the new. */
const forgetting = (make: Make) =>
  function* () {
    const flights = make()
    const work = new Work()
    const forgetter = go(function* () {
      flights.forget("key")
    })
    const callers = [0, 1].map(() => go(flights.do("key", work.body)))
    const results: Array<number> = []
    for (const caller of callers) results.push((yield* caller).value)
    expect(new Set(results).size).toBe(work.runs)
    yield* forgetter
    expectAllLanded(flights)
  }

/** Work of each key waits for the next one's, in a ring. Its two callers leave, at every step. */
const ringLeft = (make: Make, keys: ReadonlyArray<string>) =>
  function* () {
    const flights = make()
    const ask = (n: number): Op<Flown<number>> =>
      flights.do(keys[n]!, function* () {
        return (yield* ask((n + 1) % keys.length)).value
      })
    const callers = [go(ask(0)), go(ask(keys.length - 1))]
    const interrupter = go(function* () {
      for (const caller of callers) caller.interrupt()
    })
    for (const each of [...callers, interrupter]) yield* thrownBy(each.join())
    for (let i = 0; i < 3 && numGoroutine() > 1; i++) yield* gosched()
    expectAllLanded(flights)
  }

describe("a single flight", () => {
  it("runs once for all who come while it is under way: two callers", async () => {
    const { schedules } = await explore.check({}, sharing(sound, 2))
    expect(schedules).toBe(244)
  })

  it("the same for three", async () => {
    const { schedules } = await explore.check({ shares: "ops" }, sharing(sound, 3))
    expect(schedules).toBe(192)
  })

  it("goes on for the others when one leaves at whatever step, also who started it", async () => {
    const { schedules } = await explore.check({}, leaving(sound))
    expect(schedules).toBe(5092)
  })

  it("ends its work when all have left, at whatever steps, before they unwind", async () => {
    const { schedules } = await explore.check({}, function* () {
      const flights = sound()
      const work = new Work(2)
      const callers: Array<Goroutine<void>> = [0, 1].map(() =>
        go(function* () {
          try {
            yield* flights.do("key", work.body)
          } finally {
            if (callers.every(({ status }) => status !== "waiting")) expect(work.underWay).toBe(0)
          }
        }),
      )
      const interrupter = go(function* () {
        for (const caller of callers) caller.interrupt()
      })
      for (const each of [...callers, interrupter]) yield* thrownBy(each.join())
      expect(work.underWay).toBe(0)
      expectAllLanded(flights)
    })
    expect(schedules).toBe(1113)
  })

  it("starts anew after forget, at whatever step", async () => {
    const { schedules } = await explore.check({}, forgetting(sound))
    expect(schedules).toBe(4468)
  })

  it("ends the work of a select that took another case, and keeps no waiter", async () => {
    const taken = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const flights = sound()
      const work = new Work()
      const quit = go(function* () {
        yield* gosched()
      })
      const hit = yield* select({ flown: flights.do("key", work.body), quit: quit.join(), never })
      taken.add(hit.case)
      yield* quit
      // The work that lost unwinds by itself.
      for (let i = 0; i < 3 && work.underWay > 0; i++) yield* gosched()
      expect(stateOf(flights).flights.size).toBe(0)
    })
    expect(taken).toEqual(new Set(["flown", "quit"]))
    expect(schedules).toBe(137)
  })

  it("ends when it waits for itself and its callers leave at whatever step", async () => {
    const { schedules } = await explore.check({}, ringLeft(sound, ["key"]))
    expect(schedules).toBe(1402)
  })

  it("the same for a ring of two", { tags: "long" }, async () => {
    const { schedules } = await explore.check({}, ringLeft(sound, ["key", "other"]))
    expect(schedules).toBe(14310)
  })

  it("ends when a goroutine of its scope waits for it, and both it and its caller leave, at whatever step", async () => {
    const { schedules } = await explore.check({}, function* () {
      const flights = sound()
      let inner: Goroutine<unknown> | undefined
      const ask: Op<Flown<number>> = flights.do("key", function* () {
        return yield* scope(function* (s) {
          inner = s.go(function* () {
            yield* ask
          })
          return 1
        })
      })
      const caller = go(ask)
      const interrupter = go(function* () {
        caller.interrupt()
        yield* gosched()
        inner?.interrupt()
      })
      for (const each of [caller, interrupter]) yield* thrownBy(each.join())
      if (inner !== undefined) yield* thrownBy(inner.join())
      for (let i = 0; i < 3 && numGoroutine() > 1; i++) yield* gosched()
      expectAllLanded(flights)
    })
    expect(schedules).toBe(429)
  })

  it.each(byChance(1000))(
    "loses nobody, in many schedules of leaving and forgetting ($strategy)",
    { tags: "long" },
    async (options) => {
      await explore.check(options, function* () {
        const flights = sound()
        const work = new Work(2)
        const callers = [0, 1, 2, 3].map(() =>
          go(function* () {
            for (let i = 0; i < 2; i++) yield* flights.do("key", work.body)
          }),
        )
        const others = [
          go(function* () {
            yield* gosched()
            flights.forget("key")
          }),
          go(function* () {
            for (const i of [0, 2]) {
              callers[i]!.interrupt()
              yield* gosched()
            }
          }),
        ]
        for (const each of [...callers, ...others]) yield* thrownBy(each.join())
        expect([callers[1]!.exit?._tag, callers[3]!.exit?._tag, work.underWay]).toEqual(["Success", "Success", 0])
        expectAllLanded(flights)
      })
    },
  )
})

/** What has landed stays under its key. */
const staying: Make = () => {
  const flights = new SingleFlight<string, number>()
  stateOf(flights).flights.delete = () => false
  return flights
}

/** All who wait keep the work, its own goroutine too. */
const keptByItself: Make = () => {
  const flights = sound()
  const { flights: byKey } = stateOf(flights)
  const { set } = byKey
  byKey.set = (key, flight) => {
    const { waiters } = flight
    const push = waiters.push.bind(waiters)
    waiters.push = (waiter) => {
      waiter.slot = { ...(waiter.slot as object), of: undefined }
      push(waiter)
    }
    return set.call(byKey, key, flight)
  }
  return flights
}

describe("explore finds a single flight that", () => {
  it("is kept by its own work", async () => {
    expect(await planted(ringLeft(keptByItself, ["key"]))).toMatchObject({ name: "AssertionError" })
  })

  it("stays under its key when it has landed", async () => {
    expect(await planted(sharing(staying, 2))).toMatchObject({ name: "AssertionError" })
  })
})
