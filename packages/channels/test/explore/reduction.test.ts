/**
 * The oracle of the reduced search: on random programs its schedules have the same outcomes as all schedules have.
 *
 * A bound on preemptions that no schedule reaches switches the reduction off.
 */
import { chan, select } from "@weft/channels"
import { go, type Goroutine, gosched, sleep, type Yieldable } from "@weft/core"
import { explore, type ExploreOptions } from "@weft/core/testing"
import { WaitGroup } from "@weft/sync"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { schedules } from "../../../core/test/support/soak.ts"

const verbs = [
  "send",
  "receive",
  "select",
  "select to send",
  "trySend",
  "tryReceive",
  "gosched",
  "sleep",
  "close",
  "wait",
  "done",
  "interrupt",
  "join",
] as const
const instruction = fc.record({ verb: fc.constantFrom(...verbs), one: fc.nat(1), other: fc.nat(1) })
type Instruction = typeof instruction extends fc.Arbitrary<infer T> ? T : never
const program = fc.record({
  capacities: fc.tuple(fc.nat(1), fc.nat(2)),
  bodies: fc.array(fc.array(instruction, { minLength: 1, maxLength: 3, size: "max" }), {
    minLength: 2,
    maxLength: 3,
    size: "max",
  }),
})
type Program = typeof program extends fc.Arbitrary<infer T> ? T : never

/** Runs it in every schedule that `options` allow, and collects what its goroutines saw; undefined if there are too many. */
async function outcomes(
  options: ExploreOptions,
  { bodies, capacities }: Program,
  sharesLog: boolean,
): Promise<Set<string> | undefined> {
  const seen = new Set<string>()
  const exploration = await explore({ ...options, schedules: 4000, leaks: "cancel" }, function* () {
    const channels = capacities.map((capacity) => chan<string>(capacity))
    const group = new WaitGroup()
    group.add(1)
    let isDone = false
    const done = (): void => {
      if (!isDone) group.done()
      isDone = true
    }
    const common: Array<string> = []
    const logs = bodies.map((): Array<string> => [])
    const goroutines: Array<Goroutine<void>> = []
    function* body(k: number, instructions: ReadonlyArray<Instruction>): Generator<Yieldable, void, never> {
      for (const [i, each] of instructions.entries()) {
        let result: unknown
        try {
          result = yield* perform(each, k, `${k}.${i}`)
        } catch (error) {
          result = (error as Error).name
        }
        const entry = `${each.verb}: ${JSON.stringify(result)}`
        logs[k]!.push(entry)
        if (sharesLog) common.push(`${k} ${entry}`)
      }
    }
    function* perform(
      { one, other, verb }: Instruction,
      k: number,
      value: string,
    ): Generator<Yieldable, unknown, never> {
      const ch = channels[one]!
      const second = channels[other]!
      switch (verb) {
        case "send":
          return yield* ch.send(value)
        case "receive":
          return yield* ch.receive()
        case "select":
          return yield* select({ a: ch.receive(), b: second.receive() })
        case "select to send":
          return yield* select({ a: ch.receive(), b: second.send(value) })
        case "trySend":
          return ch.trySend(value)
        case "tryReceive":
          return ch.tryReceive()
        case "gosched":
          return yield* gosched()
        case "sleep":
          return yield* sleep(1 + one)
        case "close":
          return ch.close()
        case "wait":
          return yield* group.wait()
        case "done":
          return done()
        case "interrupt":
          return goroutines[(k + 1) % bodies.length]!.interrupt()
        case "join":
          return yield* go(function* () {
            yield* ch.send("child")
          })
      }
    }
    for (const [k, instructions] of bodies.entries()) goroutines.push(go(body, k, instructions))
    yield* sleep(10)
    for (const ch of channels) if (!ch.closed) ch.close()
    done()
    for (const [k, goroutine] of goroutines.entries()) {
      try {
        yield* goroutine
      } catch (error) {
        logs[k]!.push((error as Error).name)
      }
    }
    seen.add(JSON.stringify([logs, common]))
  })
  if (exploration.failure !== undefined) seen.add((exploration.failure.error as Error).name)
  return exploration.complete || exploration.failure !== undefined ? seen : undefined
}

describe("the reduced search", () => {
  it.each(["ops", "anything"] as const)("leaves out no outcome: goroutines share %s", async (shares) => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(program, async (made) => {
        const all = await outcomes({ preemptions: 1000 }, made, shares === "anything")
        if (all === undefined) return
        compared++
        expect(await outcomes({ shares }, made, shares === "anything")).toEqual(all)
      }),
      { numRuns: schedules(60), seed: 20261125, endOnFailure: false },
    )
    expect(compared).toBeGreaterThan(20)
  })
})
