/**
 * The oracle of the reduced search, for what core has: on random programs its schedules have the same outcomes as all schedules have.
 *
 * A bound on preemptions that no schedule reaches switches the reduction off. Channels have an oracle of their own.
 *
 * @module-tag long
 */
import {
  accessed,
  Alarm,
  context,
  currentProcessor,
  go,
  type Goroutine,
  gosched,
  made,
  Op,
  scope,
  sleep,
  type Yieldable,
} from "@weft/core"
import { explore, type ExploreOptions, waitIdle } from "@weft/core/testing"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Mailbox } from "../support/mailbox.ts"
import { baseSeed, schedules } from "../support/soak.ts"

const verbs = [
  "put",
  "take",
  "gosched",
  "sleep",
  "cancel",
  "ask",
  "done",
  "stop",
  "rung",
  "interrupt",
  "join",
  "start",
  "scope",
  "effect",
] as const
const instruction = fc.record({ verb: fc.constantFrom(...verbs), n: fc.nat(1) })
type Instruction = typeof instruction extends fc.Arbitrary<infer T> ? T : never
const programs = (maxLength: number) =>
  fc.array(fc.array(instruction, { minLength: 1, maxLength, size: "max" }), { minLength: 2, maxLength, size: "max" })
type Program = ReadonlyArray<ReadonlyArray<Instruction>>

/** Runs it in every schedule that `options` allow, and collects what its goroutines saw; undefined if there are too many. */
async function outcomes(
  options: ExploreOptions,
  bodies: Program,
  sharesLog: boolean,
): Promise<Set<string> | undefined> {
  const seen = new Set<string>()
  const exploration = await explore({ ...options, schedules: 1000, leaks: "cancel" }, function* () {
    const processor = currentProcessor()
    const box = new Mailbox<string>()
    const [ctx, cancel] = context.withTimeout(context.background, 2, "deadline")
    const [child] = context.withCancel(ctx)
    let rings = 0
    const alarm = new Alarm(() => rings++)
    // Plain calls change its state: whoever writes such a thing says so.
    made(alarm)
    processor.startTimer(alarm, 1)
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
    function* perform({ n, verb }: Instruction, k: number, value: string): Generator<Yieldable, unknown, never> {
      switch (verb) {
        case "put":
          return box.put(value)
        case "take":
          return yield* box.take
        case "gosched":
          return yield* gosched()
        case "sleep":
          return yield* sleep(1 + n)
        case "cancel":
          return cancel(value)
        case "ask":
          return child.cause
        case "done":
          return yield* (n === 0 ? ctx : child).done
        case "stop": {
          accessed(alarm)
          const wasSet = alarm.index >= 0
          processor.stopTimer(alarm)
          return wasSet
        }
        case "rung":
          accessed(alarm)
          return rings
        case "interrupt":
          return goroutines[(k + 1) % bodies.length]!.interrupt()
        case "join":
          return yield* goroutines[(k + 1) % bodies.length]!
        case "start":
          return yield* go(function* () {
            return yield* box.take
          })
        case "scope":
          return yield* scope(function* (s) {
            s.go(function* () {
              yield* sleep(1)
              box.put(value)
            })
          })
        case "effect":
          return yield* Op.fromPromise(Promise.resolve(value))
      }
    }
    for (const [k, instructions] of bodies.entries()) goroutines.push(go(body, k, instructions))
    // Late: whatever waits for anything here is woken. A timer of main's own would be there always, where the clock races.
    yield* options.clock === "races" ? waitIdle() : sleep(100)
    cancel("late")
    for (let i = 0; i < 9; i++) box.put("late")
    for (const goroutine of goroutines) goroutine.interrupt()
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

describe("the reduced search leaves out no outcome", () => {
  it.each(
    (["ops", "anything"] as const).flatMap((shares) =>
      (["jumps", "races"] as const).map((clock) => ({ shares, clock })),
    ),
  )("goroutines share $shares, the clock $clock", { timeout: 0 }, async ({ clock, shares }) => {
    let compared = 0
    await fc.assert(
      // A clock that races adds a process that is always there.
      fc.asyncProperty(programs(clock === "races" ? 2 : 3), async (made) => {
        const all = await outcomes({ clock, preemptions: 1000 }, made, shares === "anything")
        if (all === undefined) return
        compared++
        expect(await outcomes({ clock, shares }, made, shares === "anything")).toEqual(all)
      }),
      { numRuns: schedules(20), seed: baseSeed(), endOnFailure: false },
    )
    expect(compared).toBeGreaterThan(schedules(4))
  })
})
