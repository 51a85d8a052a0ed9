/** Channels of every kind under random programs, schedules and interruptions: nothing lost, doubled or reordered. */
import { buffer, chan, type Channel, nil, select } from "@weft/channels"
import { go, type Goroutine, gosched, run, sleep } from "@weft/core"
import { seeded, virtualTime } from "@weft/core/testing"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { schedules } from "../../../core/test/support/soak.ts"

interface Value {
  readonly sender: number
  readonly n: number
}

const kinds: Readonly<Record<string, { readonly make: () => Channel<Value>; readonly isLossless: boolean }>> = {
  unbuffered: { make: () => chan(), isLossless: true },
  "capacity 1": { make: () => chan(1), isLossless: true },
  "capacity 3": { make: () => chan(3), isLossless: true },
  unbounded: { make: () => chan(buffer.unbounded()), isLossless: true },
  "sliding 2": { make: () => chan(buffer.sliding(2)), isLossless: false },
  "dropping 2": { make: () => chan(buffer.dropping(2)), isLossless: false },
}

/** Each sends one value; what follows it in the goroutine runs exactly if it was sent. */
const sends = {
  *plain(ch: Channel<Value>, value: Value) {
    yield* ch.send(value)
  },
  *withIdle(ch: Channel<Value>, value: Value) {
    yield* select({ out: ch.send(value), idle: nil<Value>().receive() })
  },
  *twice(ch: Channel<Value>, value: Value) {
    yield* select({ left: ch.send(value), right: ch.send(value) })
  },
  *nested(ch: Channel<Value>, value: Value) {
    yield* select({ inner: select({ out: ch.send(value) }), idle: nil<Value>().receive() })
  },
  *impatient(ch: Channel<Value>, value: Value) {
    while ((yield* select({ out: ch.send(value), late: sleep(1) })).case === "late");
  },
  *trying(ch: Channel<Value>, value: Value) {
    while (!ch.trySend(value)) yield* sleep(1)
  },
}

/** Each receives one value, or undefined at the end. */
const receives = {
  *plain(ch: Channel<Value>) {
    return yield* ch.receive()
  },
  *next(ch: Channel<Value>) {
    return (yield* ch.next()).value
  },
  *mapped(ch: Channel<Value>) {
    return (yield* ch.receive().map((value) => ({ value }))).value
  },
  *twice(ch: Channel<Value>) {
    return (yield* select({ left: ch.receive(), right: ch.receive() })).value
  },
  *nested(ch: Channel<Value>) {
    const hit = yield* select({ inner: select({ in: ch.receive() }), idle: nil<Value>().receive() })
    return hit.case === "inner" ? hit.value.value : undefined
  },
  *impatient(ch: Channel<Value>) {
    for (;;) {
      const hit = yield* select({ in: ch.next(), late: sleep(1) })
      if (hit.case === "in") return hit.value.value
    }
  },
}

type Send = keyof typeof sends
type Receive = keyof typeof receives

const program = fc.record({
  seed: fc.nat(),
  senders: fc.array(fc.array(fc.constantFrom(...(Object.keys(sends) as Array<Send>)), { maxLength: 6 }), {
    minLength: 1,
    maxLength: 4,
  }),
  receivers: fc.array(fc.array(fc.constantFrom(...(Object.keys(receives) as Array<Receive>)), { maxLength: 6 }), {
    minLength: 1,
    maxLength: 4,
  }),
  /** After how many steps of main each is interrupted: none, as a rule, for the first. */
  interruptions: fc.array(fc.record({ after: fc.nat({ max: 12 }), victim: fc.nat({ max: 7 }) }), { maxLength: 4 }),
})

describe.each(Object.entries(kinds))("a channel (%s)", (_, { isLossless, make }) => {
  it("loses, doubles and reorders nothing, whoever is interrupted when", () =>
    fc.assert(
      fc.asyncProperty(program, async ({ interruptions, receivers, seed, senders }) => {
        await run(
          function* () {
            const ch = make()
            const sent: Array<Value> = []
            const received: Array<ReadonlyArray<Value>> = []
            const all: Array<Goroutine> = []
            senders.forEach((forms, sender) => {
              const body = function* () {
                for (const [n, form] of forms.entries()) {
                  yield* sends[form](ch, { sender, n })
                  sent.push({ sender, n })
                }
              }
              all.push(go(body))
            })
            for (const forms of receivers) {
              const mine: Array<Value> = []
              received.push(mine)
              const body = function* () {
                for (const form of forms) {
                  const value = yield* receives[form](ch)
                  if (value !== undefined) mine.push(value)
                }
              }
              all.push(go(body))
            }
            for (const { after, victim } of interruptions) {
              for (let i = 0; i < after; i++) yield* gosched()
              all[victim % all.length]!.interrupt()
            }
            yield* sleep(100)
            // Those that still wait, on both sides, take nothing with them.
            for (const goroutine of all) goroutine.interrupt()
            yield* sleep(1)
            expect([ch.senders.length, ch.receivers.length]).toEqual([0, 0])
            ch.close()
            const left = yield* ch.drain()
            const arrived = [...received.flat(), ...left]
            const key = ({ n, sender }: Value) => `${sender}.${n}`
            expect(new Set(arrived.map(key)).size).toBe(arrived.length)
            if (isLossless) expect(arrived.map(key).sort()).toEqual(sent.map(key).sort())
            else for (const value of arrived) expect(sent.map(key)).toContain(key(value))
            // Each receiver, and who drains, sees each sender's values in their order.
            for (const mine of [...received, left]) {
              for (const sender of senders.keys()) {
                const order = mine.filter((value) => value.sender === sender).map(({ n }) => n)
                expect(order).toEqual([...order].sort((a, b) => a - b))
              }
            }
          },
          { plugins: [seeded(seed), virtualTime()], deadlock: "fail" },
        )
      }),
      { numRuns: schedules(150) },
    ))
})
