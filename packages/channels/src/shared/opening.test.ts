/** What a codec makes of the bytes that it has read, which may be slow, or the user's own code: the slot has been handed on by then. */
import { go, run } from "@weft/core"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { untilWaiting } from "../../../core/test/support/idle.ts"
import type { Codec } from "./codec.ts"
import { schema } from "./codecs/schema.ts"
import { codec, sharedChan } from "./shared-chan.ts"
import type { SharedChannel } from "./shared-channel.ts"
import { spread } from "./spread.ts"

/** Runs the next time that a value is made of what was read, or checked to be sent. */
let meanwhile: (() => void) | undefined

const watched = Schema.String.check(
  Schema.makeFilter(() => {
    meanwhile?.()
    meanwhile = undefined
    return true
  }),
)

const codecs: ReadonlyArray<readonly [string, Codec<unknown>, (text: string) => unknown]> = [
  ["schema", schema(watched, 20), (text) => text],
  ["struct", codec.struct({ n: codec.i32, text: schema(watched, 20) }), (text) => ({ n: 7, text })],
  [
    "struct in a struct",
    codec.struct({ inner: codec.struct({ text: schema(watched, 20) }), is: codec.bool }),
    (text) => ({ inner: { text }, is: true }),
  ],
  ["spread", spread(schema(watched, 20), 24), (text) => text],
]

/** Whether all slots of what was received have their next send's turn while a value is made of it. */
function isHandedOn(there: SharedChannel<unknown>, from: number, count: number): boolean {
  const { ring } = there
  return Array.from({ length: count }, (_, i) => from + i).every(
    (position) => ring.turnOf(position, ring.sequenceOf(position)) === position + ring.layout.slots,
  )
}

describe.each(codecs)("a value of a codec that makes it of bytes: %s", (_name, by, valueOf) => {
  it("is made once its place is another's, by whatever receives it", () =>
    run(function* () {
      const here = sharedChan(by, 2)
      const there = sharedChan.from(by, here.share())
      const [a, b] = [valueOf("a"), valueOf("b")]
      const seen: Array<unknown> = []
      const looksAt = (from: number, count: number) => {
        meanwhile = () => seen.push(isHandedOn(there, from, count))
      }

      yield* here.sendAll([a, b])
      looksAt(0, 1)
      expect(here.tryReceive()).toEqual({ ok: true, value: a })
      looksAt(1, 1)
      expect(yield* here.receive()).toEqual(b)

      yield* here.sendAll([a, b])
      looksAt(2, by.spread === undefined ? 2 : 1)
      expect(yield* here.receiveUpTo(2)).toEqual([a, b])

      const waiting = go(here.receive())
      yield* untilWaiting(waiting)
      yield* there.send(a)
      looksAt(4, 1)
      expect(yield* waiting).toEqual(a)

      expect(seen).toEqual([true, true, true, true])
    }))

  it("wakes a sender that waits for its place before it is made", () =>
    run(function* () {
      const ch = sharedChan(by, 1)
      yield* ch.send(valueOf("a"))
      const waiting = go(ch.send(valueOf("b")))
      yield* untilWaiting(waiting)
      let length: number | undefined
      meanwhile = () => (length = ch.length)
      expect(ch.tryReceive()?.value).toEqual(valueOf("a"))
      expect(length).toBe(1)
      yield* waiting
    }))
})

it("a value of a rendezvous is made once its offer is over, and its sender has gone on", () =>
  run(function* () {
    const by = schema(watched, 20)
    const ch = sharedChan(by, 0)
    const there = sharedChan.from(by, ch.share())
    for (const [position, receive] of [() => ch.tryReceive()?.value, () => [...ch.receiveUpTo(1)]].entries()) {
      const sender = go(ch.send("a"))
      yield* untilWaiting(sender)
      let isOver: boolean | undefined
      meanwhile = () => (isOver = isHandedOn(there as SharedChannel<unknown>, position, 1))
      receive()
      expect(isOver).toBe(true)
      yield* sender
    }
  }))

it("a value that can't be made fails the receive that has taken it, and no other", () =>
  run(function* () {
    const by = schema(watched, 20)
    for (const [make, capacity] of [
      [by, 2],
      [by, 0],
      [spread(by, 24), 2],
    ] as const) {
      const ch = sharedChan(make, capacity)
      const waiting = go(function* () {
        try {
          return yield* ch.receive()
        } catch (error) {
          return String(error)
        }
      })
      yield* untilWaiting(waiting)
      const next = go(ch.receive())
      yield* untilWaiting(next)
      const [bad, good] = [ch.send("bad"), ch.send("good")]
      meanwhile = () => {
        meanwhile = undefined
        throw new RangeError("broken")
      }
      yield* bad
      yield* good
      expect(yield* waiting).toMatch(/^SchemaMismatch/)
      expect(yield* next).toBe("good")
    }
  }))
