/** Go's reflect/all_test.go: channels and selects that are put together at run time. */
import { chan, type Channel, nil, select, trySelect } from "@weft/channels"
import { go, type Op, run } from "@weft/core"
import { seeded } from "@weft/core/testing"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { waitIdle } from "../../../core/test/support/virtual.ts"

/** A case of a generated select: on which of four channels, and whether it sends. */
interface Given {
  readonly channel: number
  readonly sends: boolean
}

const kinds = ["nil", "closed", "empty", "full", "one of two"] as const

function channelOf(kind: (typeof kinds)[number]): Channel<number> {
  if (kind === "nil") return nil<number>()
  const ch = chan<number>(2)
  if (kind === "full") for (const value of [1, 2]) ch.trySend(value)
  if (kind === "one of two") ch.trySend(1)
  if (kind === "closed") ch.close()
  return ch
}

/** Go's rule for a case, from the state of its channel alone: "panic" is ready too. */
function outcomeOf(kind: (typeof kinds)[number], sends: boolean): "ready" | "panic" | "not ready" {
  if (kind === "nil") return "not ready"
  if (kind === "closed") return sends ? "panic" : "ready"
  if (sends) return kind === "full" ? "not ready" : "ready"
  return kind === "empty" ? "not ready" : "ready"
}

describe("reflect", () => {
  underSchedules(
    "Chan: operations chosen by name at run time equal those written out",
    function* () {
      const call = (ch: Channel<number>, method: string, ...args: ReadonlyArray<unknown>): unknown =>
        (ch as unknown as Record<string, (...args: ReadonlyArray<unknown>) => unknown>)[method]!(...args)
      const ch = chan<number>(1)
      yield* call(ch, "send", 3) as Op<void>
      expect(call(ch, "trySend", 4)).toBe(false)
      expect(yield* call(ch, "receive") as Op<number>).toBe(3)
      expect(call(ch, "tryReceive")).toBeUndefined()
      const receiving = go(function* () {
        return yield* call(ch, "next") as Op<unknown>
      })
      yield* waitIdle()
      call(ch, "close")
      expect(yield* receiving).toEqual({ ok: false, value: undefined })
      expect([Reflect.get(ch, "length"), Reflect.get(ch, "capacity")]).toEqual([0, 1])
    },
    { time: "virtual" },
  )

  it("Select: generated lists of cases agree with a model", async () => {
    const givens = fc.array(fc.record({ channel: fc.nat({ max: 3 }), sends: fc.boolean() }), { maxLength: 6 })
    const channels = fc.array(fc.constantFrom(...kinds), { minLength: 4, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(channels, givens, fc.nat(), async (states, cases, seed) => {
        const all = states.map(channelOf)
        const before = all.map((ch) => ch.length)
        const expected = cases.map((given) => outcomeOf(states[given.channel]!, given.sends))
        const ops = Object.fromEntries(
          cases.map((given: Given, i): [string, Op<unknown>] => {
            const ch = all[given.channel]!
            return [`c${i}`, given.sends ? ch.send(9) : ch.next()]
          }),
        )
        await run(
          function* () {
            let hit: { readonly case: string; readonly value: unknown } | undefined
            let panic: unknown
            try {
              hit = trySelect(ops)
            } catch (error) {
              panic = error
            }
            const ready = expected.flatMap((outcome, i) => (outcome === "not ready" ? [] : [i]))
            if (ready.length === 0) return expect([hit, panic]).toEqual([undefined, undefined])
            if (panic !== undefined) {
              expect(expected).toContain("panic")
              return expect(panic).toMatchObject({ name: "ChannelClosed", value: 9 })
            }
            const taken = Number(hit!.case.slice(1))
            expect(expected[taken]).toBe("ready")
            // Exactly the case taken has happened.
            const change = cases[taken]!.sends ? 1 : states[cases[taken]!.channel] === "closed" ? 0 : -1
            const after = before.map((length, i) => length + (i === cases[taken]!.channel ? change : 0))
            expect(all.map((ch) => ch.length)).toEqual(after)
            expect(all.map((ch) => ch.receivers.length + ch.senders.length)).toEqual([0, 0, 0, 0])
          },
          { plugins: [seeded(seed)] },
        )
      }),
      { numRuns: 300 },
    )
  })

  it("SelectMaxCases: 65,537 cases are as good as two", () =>
    run(function* () {
      const ch = chan<number>()
      ch.close()
      const idle = nil<number>().receive()
      const cases: Record<string, Op<unknown>> = {}
      for (let i = 0; i < 65_536; i++) cases[`idle${i}`] = idle
      cases["ready"] = ch.next()
      expect((yield* select(cases)).case).toBe("ready")
    }))

  it("SelectNop: a default alone answers at once", () => {
    expect(trySelect({})).toBeUndefined()
  })
})
