/** The search itself, on programs that are nothing but steps: judged by all the schedules that these have. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Act, EverySchedule, type Script, search } from "../../../test/support/scripted.ts"
import { baseSeed, schedules } from "../../../test/support/soak.ts"
import { ExhaustiveStrategy } from "./exhaustive.ts"

const strategyFor = ({ memory = false, races = false }: Script, preemptions?: number) =>
  new ExhaustiveStrategy({ preemptions, isMemoryShared: memory, isClockRacing: races })

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant("touch" as const), things: fc.subarray([0, 1, 2]) }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constantFrom("put" as const, "take" as const), box: fc.nat(1) }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Act>({ act: "choose" }, { act: "stop" }, { act: "touch anything" }),
  },
)
const processes = fc.oneof(
  fc.array(fc.array(act, { minLength: 1, maxLength: 4, size: "max" }), { minLength: 2, maxLength: 2, size: "max" }),
  fc.array(fc.array(act, { minLength: 1, maxLength: 2, size: "max" }), { minLength: 3, maxLength: 3, size: "max" }),
)

/** Each kind of script, of the same random processes. */
const kinds: ReadonlyArray<[name: string, kind: Omit<Script, "processes">]> = [
  ["that share only things", {}],
  ["that share plain variables, too", { memory: true }],
  ["with a timer that fires when all wait", { timer: true }],
  ["with a timer that races", { timer: true, races: true }],
]

describe("an exhaustive search", () => {
  it.each(kinds)("runs of schedules that differ by swaps of independent steps exactly one: processes %s", (_, kind) => {
    fc.assert(
      fc.property(processes, (made) => {
        const script = { ...kind, processes: made }
        const all = new Set(search(new EverySchedule(), script).schedules.map(({ canonical }) => canonical))
        const found = search(strategyFor(script), script).schedules.map(({ canonical }) => canonical)
        expect(new Set(found)).toEqual(all)
        // A step that chooses counts as touching what it touches in any way that it goes on: another's may then be put before it needlessly.
        if (!made.flat().some(({ act }) => act === "choose")) expect(found).toHaveLength(all.size)
      }),
      { numRuns: schedules(60), seed: baseSeed() },
    )
  })

  const [put, take]: [Act, Act] = [
    { act: "put", box: 0 },
    { act: "take", box: 0 },
  ]
  const touch = (...things: ReadonlyArray<number>): Act => ({ act: "touch", things })

  it.each<[what: string, n: number, script: Script]>([
    ["a step that races with two before it", 4, { processes: [[touch(0, 1)], [put, touch(1)], [touch(0)]] }],
    [
      "a step where only others may run, of which none can reverse",
      4,
      { processes: [[put, put, put], [put], [touch()]], inARow: 2 },
    ],
    [
      "one that is woken and races with who woke him, who came before",
      2,
      { processes: [[take, touch(0), touch()], [touch(0), put], [touch()]] },
    ],
    [
      "one that races with a step in the first of the two ways in which that goes on",
      4,
      { processes: [[{ act: "choose" }], [touch(0)]] },
    ],
  ])("sees both orders of %s, and gives up no schedule: %d", (_, n, script) => {
    const all = new Set(search(new EverySchedule(), script).schedules.map(({ canonical }) => canonical))
    const { givenUp, schedules: found } = search(strategyFor(script), script)
    expect(new Set(found.map(({ canonical }) => canonical))).toEqual(all)
    expect([found.length, givenUp]).toEqual([n, 0])
  })

  it.each([0, 1, 2])("with a bound runs each schedule of up to %d preemptions, once", (bound) => {
    fc.assert(
      fc.property(processes, (made) => {
        const script = { processes: made }
        const all = search(new EverySchedule(), script).schedules.filter(({ preemptions }) => preemptions <= bound)
        const found = search(strategyFor(script, bound), script).schedules
        expect(found.map(({ text }) => text).toSorted()).toEqual(all.map(({ text }) => text).toSorted())
      }),
      { numRuns: schedules(30), seed: baseSeed() },
    )
  })
})
