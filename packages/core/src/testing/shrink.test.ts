import { describe, expect, it } from "vitest"
import { go } from "../go.ts"
import { gosched } from "../gosched.ts"
import type { Op } from "../op.ts"
import { sleep } from "../sleep.ts"
import { explore } from "./explore.ts"
import { Schedules } from "./schedules.ts"
import { ReplayStrategy } from "./strategy/replay.ts"

type Program = () => Generator<Op<void>, void, never>

/** Ops that are ready: a goroutine may be preempted at each. */
function* steps(n: number) {
  for (let i = 0; i < n; i++) yield* sleep(0)
}

function* joinEach(...bodies: ReadonlyArray<() => Generator<Op<void>, void, unknown>>) {
  for (const goroutine of bodies.map((body) => go(body))) yield* goroutine
}

function* lostUpdates() {
  let counter = 0
  const increment = function* () {
    const read = counter
    yield* steps(1)
    counter = read + 1
  }
  yield* joinEach(increment, increment, increment)
  if (counter !== 3) throw new Error(`counter is ${counter}`)
}

/** One preemption of the writer does; four others make as much noise as they can. */
function* noise() {
  let isSet = false
  const noisy = () => steps(4)
  yield* joinEach(
    noisy,
    noisy,
    noisy,
    noisy,
    function* () {
      yield* steps(3)
      isSet = true
      yield* steps(1)
      isSet = false
    },
    function* () {
      yield* steps(2)
      if (isSet) throw new Error("seen")
    },
  )
}

/** The reader must see both flags, which are set at different times. */
function* twoFlags() {
  let [x, y] = [0, 0]
  yield* joinEach(
    function* () {
      x = 1
      yield* steps(1)
      x = 0
      yield* steps(2)
      y = 1
      yield* steps(1)
      y = 0
      yield* steps(2)
    },
    function* () {
      yield* steps(2)
      if (x === 0) return
      yield* steps(3)
      if (y === 1) throw new Error("both seen")
    },
    () => steps(4),
  )
}

async function preemptionsOf(seed: string, program: Program): Promise<number> {
  const bounds = { steps: 10_000, isClockRacing: false, areLeaksFailures: true }
  const { preemptions } = await new Schedules("test", program, bounds, undefined).run(new ReplayStrategy(seed))
  return preemptions
}

/** Of the failures that each of the two searches by chance tells, with many seeds. */
async function preemptions(program: Program): Promise<Set<number>> {
  const seen = new Set<number>()
  for (const strategy of ["random", "pct"] as const)
    for (let seed = 1; seed <= 8; seed++) {
      const { failure } = await explore({ strategy, seed, schedules: 3000 }, program)
      if (failure !== undefined) seen.add(await preemptionsOf(failure.seed, program))
    }
  return seen
}

/** The least bound with which a search finds it. */
async function fewest(program: Program): Promise<number> {
  for (let bound = 0; ; bound++)
    if ((await explore({ preemptions: bound }, program)).failure !== undefined) return bound
}

describe("a failure is told", () => {
  it.each([
    ["lost updates", lostUpdates, 1],
    ["noise", noise, 1],
  ] as const)("with the fewest preemptions that it takes: %s", async (_, program, least) => {
    expect(await fewest(program)).toBe(least)
    expect(await preemptions(program)).toEqual(new Set([least]))
  })

  it("with hardly more than it takes where that is several", async () => {
    expect(await fewest(twoFlags)).toBe(3)
    expect(Math.max(...(await preemptions(twoFlags)))).toBeLessThanOrEqual(4)
  })

  it("as the failure that was found, not as another that takes less", async () => {
    const program = function* () {
      let isSet = false
      yield* joinEach(
        function* () {
          isSet = true
          yield* steps(1)
          isSet = false
        },
        function* () {
          // Two errors: this one takes a preemption, the other none.
          if (isSet) throw new TypeError("preempted")
          throw new Error("always")
        },
      )
    }
    const kinds = new Set<unknown>()
    for (let seed = 1; seed <= 20; seed++) {
      const { failure } = await explore({ strategy: "random", seed, schedules: 1 }, program)
      const { cause } = failure!.error as Error
      kinds.add((cause as Error).name)
      expect(await preemptionsOf(failure!.seed, program)).toBe((cause as Error).name === "TypeError" ? 1 : 0)
    }
    expect(kinds).toEqual(new Set(["TypeError", "Error"]))
  })

  it("after so many tries, however long its schedules are: a livelock", { tags: "long" }, async () => {
    let runs = 0
    const { failure } = await explore({ strategy: "random", steps: 2000 }, function* () {
      runs++
      const spinning = function* () {
        for (;;) {
          yield* gosched()
          yield* steps(1)
        }
      }
      yield* joinEach(spinning, spinning)
    })
    expect(failure?.error).toMatchObject({ name: "Livelock" })
    expect(runs).toBeLessThan(1200)
  })
})
