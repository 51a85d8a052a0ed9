/**
 * The oracle of the reduced search: on random programs its schedules have the same outcomes as all schedules have.
 *
 * A bound on preemptions that no schedule reaches switches the reduction off.
 *
 * @module-tag long
 */
import { chan, select, Timer, trySelect } from "@weft/channels"
import { context, go, type Goroutine, gosched, type Op, sleep, type Yieldable } from "@weft/core"
import { explore, type ExploreOptions, waitIdle } from "@weft/core/testing"
import { WaitGroup } from "@weft/sync"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { baseSeed, schedules } from "../../../core/test/support/soak.ts"

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
      { numRuns: schedules(30), seed: baseSeed(), endOnFailure: false },
    )
    expect(compared).toBeGreaterThan(10)
  })
})

/** Two goroutines, of which each comes from a channel of its own before it does its part: what they answer. */
function* bothAfterAReceive<A>(
  ...parts: ReadonlyArray<() => Generator<Yieldable, A, never>>
): Generator<Yieldable, ReadonlyArray<A>, unknown> {
  const goroutines = parts.map((part) => {
    const ready = chan<void>(1)
    ready.trySend()
    return go(function* (): Generator<Yieldable, A, never> {
      yield* ready.receive()
      return yield* part()
    })
  })
  yield* waitIdle()
  const answers: Array<A> = []
  for (const goroutine of goroutines) answers.push(yield* goroutine)
  return answers
}

/** What a plain call does to shared state, and what a fiber does, is no op of the goroutine in whose step it happens. */
const withoutAnOp: ReadonlyArray<readonly [string, () => Generator<Yieldable, unknown, never>]> = [
  [
    "an Effect that sends, and who tries to receive",
    function* () {
      const ch = chan<number>(1)
      return yield* bothAfterAReceive<unknown>(
        function* () {
          yield* Effect.flatMap(ch.send(1), () => Effect.void)
        },
        function* () {
          return ch.tryReceive()
        },
      )
    },
  ],
  [
    "a fiber that a receive resumes, and who tries to receive what it sends",
    function* () {
      const [first, second] = [chan<number>(), chan<number>(1)]
      const fiber = go(Effect.flatMap(first.receive(), () => second.send(1)))
      const both = yield* bothAfterAReceive<unknown>(
        function* () {
          yield* first.send(0)
        },
        function* () {
          return second.tryReceive()
        },
      )
      yield* fiber
      return both
    },
  ],
  [
    "who cancels a context, and who asks for its error",
    function* () {
      const [ctx, cancel] = context.withCancel(context.background)
      return yield* bothAfterAReceive<unknown>(
        function* () {
          cancel()
        },
        function* () {
          return ctx.err?.name
        },
      )
    },
  ],
  [
    "who sends, and who tries a select",
    function* () {
      const [a, b] = [chan<number>(1), chan<number>(1)]
      return yield* bothAfterAReceive<unknown>(
        function* () {
          a.trySend(1)
        },
        function* () {
          return trySelect({ a: a.receive(), b: b.receive() })
        },
      )
    },
  ],
  [
    "who sends, and who receives for a promise",
    function* () {
      const ch = chan<number>(1)
      return yield* bothAfterAReceive<unknown>(
        function* () {
          ch.trySend(1)
          return ch.length
        },
        function* () {
          void ch.receive().promise()
        },
      )
    },
  ],
  [
    "two that stop a timer",
    function* () {
      const timer = new Timer(5)
      const stop = function* () {
        return timer.stop()
      }
      return yield* bothAfterAReceive(stop, stop)
    },
  ],
  [
    "two that stop a function's timer",
    function* () {
      const timer = new Timer(5, () => undefined)
      const stop = function* () {
        return timer.stop()
      }
      return yield* bothAfterAReceive(stop, stop)
    },
  ],
]

describe("the reduced search sees", () => {
  it.each(withoutAnOp)("%s", async (_, program) => {
    const outcomesOf = async (options: ExploreOptions): Promise<Set<string>> => {
      const seen = new Set<string>()
      await explore.check({ ...options, leaks: "cancel" }, function* (): Generator<Yieldable, void, never> {
        seen.add(JSON.stringify(yield* program()))
      })
      return seen
    }
    const all = await outcomesOf({ preemptions: 1000 })
    expect(all.size).toBeGreaterThan(1)
    expect(await outcomesOf({ shares: "ops" })).toEqual(all)
  })

  it("that a wait for all others disturbs none of them", async () => {
    const numberOf = async (wait: () => Op<void>): Promise<number> => {
      const { schedules } = await explore.check({ shares: "ops" }, function* () {
        const ch = chan<number>()
        for (const n of [1, 2]) {
          go(function* () {
            yield* ch.send(n)
          })
          go(function* () {
            yield* ch.receive()
          })
        }
        yield* wait()
      })
      return schedules
    }
    expect(await numberOf(waitIdle)).toBe(await numberOf(() => sleep(1)))
  })
})
