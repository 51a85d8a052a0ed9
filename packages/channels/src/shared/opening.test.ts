/** What a codec makes of the bytes that it has read, which may be slow, or the user's own code: the slot has been handed on by then. */
import { go, type Op, run } from "@weft/core"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { parked, untilWaiting } from "../../../core/test/support/idle.ts"
import { trySelect } from "../select.ts"
import type { Codec } from "./codec.ts"
import { schema, SchemaMismatch } from "./codecs/schema.ts"
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

/** What another thread sends by it and this one can't make: its own schema of that name takes it. */
const takesAll = schema(Schema.String, 20)
const fussy = {
  ...schema(Schema.Literals(["a", "b", "c", "d", "later"]), 20),
  encode: takesAll.encode,
} as typeof takesAll

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

describe.each([
  ["a ring", fussy, 8],
  ["a rendezvous", fussy, 0],
  ["places", spread(fussy, 8), 16],
] as const)("a batch of which one can't be made: %s", (_, by, capacity) => {
  /** A channel of which these have been sent, or are offered; and how it is seen by another thread. */
  function* having(...texts: ReadonlyArray<string>) {
    const ch = sharedChan(by, capacity)
    const there = sharedChan.from(by, ch.share())
    for (const text of texts) yield* capacity === 0 ? parked(go(there.send(text))) : there.send(text)
    return [ch, there] as const
  }

  /** What a receive gives, or how it fails. */
  function* given<A>(receive: Op<A>) {
    try {
      return yield* receive
    } catch (error) {
      return (error as Error).name
    }
  }

  it("gives those before it; it fails the next receive, and those behind it come before what is sent later", () =>
    run(function* () {
      const [ch, there] = yield* having("a", "b", "bad", "c", "d")
      expect(yield* given(ch.receiveUpTo(10))).toEqual(["a", "b"])
      expect([ch.length, there.length]).toEqual([3, 0])
      const later = go(there.send("later"))
      if (capacity === 0) yield* parked(later)
      else {
        yield* later
        there.close()
      }
      expect(yield* given(ch.receive())).toBe("SchemaMismatch")
      expect(trySelect({ in: ch.receive() })).toEqual({ case: "in", value: "c" })
      expect(yield* ch.receiveUpTo(10)).toEqual(["d", "later"])
      if (capacity > 0) expect(yield* ch.receiveUpTo(10)).toEqual([])
    }))

  it("fails where it is the first, and leaves those behind it", () =>
    run(function* () {
      const [ch] = yield* having("bad", "a", "bad", "b")
      expect(yield* given(ch.receiveUpTo(3))).toBe("SchemaMismatch")
      expect(yield* given(ch.receiveUpTo(3))).toEqual(["a"])
      expect(() => ch.tryReceive()).toThrow(SchemaMismatch)
      expect(ch.tryReceive()).toEqual({ ok: true, value: "b" })
      expect(ch.length).toBe(0)
    }))

  it("gives who has waited the value that he was given, though the next can't be made", () =>
    run(function* () {
      const [ch, there] = yield* having()
      const waiting = yield* parked(go(ch.receiveUpTo(10)))
      const sender = go(() => there.sendAll(["a", "bad", "b"]))
      expect(yield* waiting).toEqual(["a"])
      expect(yield* given(ch.receive())).toBe("SchemaMismatch")
      expect(yield* ch.receive()).toBe("b")
      yield* sender
    }))
})

it("what a batch could not make goes to who waits in its thread", async () => {
  const ch = sharedChan(fussy, 8)
  const there = sharedChan.from(fussy, ch.share())
  const waiting = [ch.receive().promise(), ch.receive().promise(), ch.receive().promise()]
  // In one go: those who wait are not told meanwhile.
  for (const text of ["a", "bad", "b"]) there.trySend(text)
  expect(ch.ring.receiveMore(10)).toEqual(["a"])
  expect(ch.length).toBe(0)
  const results = Promise.allSettled(waiting)
  there.trySend("later")
  expect(await results).toMatchObject([
    { status: "rejected", reason: { name: "SchemaMismatch" } },
    { status: "fulfilled", value: "b" },
    { status: "fulfilled", value: "later" },
  ])
})

it("a struct that can't be made fails as it did where it was tried first, and is as it was read", () =>
  run(function* () {
    const by = codec.struct({ a: codec.utf8(20), b: fussy })
    const ch = sharedChan(by, 8)
    const there = sharedChan.from(by, ch.share())
    yield* there.sendAll(["a", "bad", "b"].map((b) => ({ a: "text", b })))
    expect(yield* ch.receiveUpTo(10)).toEqual([{ a: "text", b: "a" }])
    expect(() => ch.tryReceive()).toThrow(SchemaMismatch)
    expect(ch.tryReceive()).toEqual({ ok: true, value: { a: "text", b: "b" } })
  }))
