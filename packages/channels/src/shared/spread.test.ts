import { go, run } from "@weft/core"
import { describe, expect, it } from "vitest"
import { untilWaiting } from "../../../core/test/support/idle.ts"
import { InvalidCapacity } from "../chan.ts"
import { ChannelClosed } from "../closed.ts"
import { select } from "../select.ts"
import { ValueDoesNotFit } from "./codec.ts"
import { codec, sharedChan } from "./shared-chan.ts"
import { SharedChannelMismatch } from "./shared-channel.ts"
import { spread } from "./spread.ts"

const texts = (capacity: number, place = 8) => sharedChan(spread(codec.utf8(1000), place), capacity)

/** Text of so many bytes that says where in it one is. */
const text = (length: number, from = 0) =>
  Array.from({ length }, (_, i) => String.fromCharCode(97 + ((from + i) % 26))).join("")

describe("values spread over places", () => {
  it("take as many as their bytes need, with the 4 of their size", () =>
    run(function* () {
      for (const place of [1, 8, 9, 64]) {
        const ch = texts(16, place)
        const bytes = Math.ceil(place / 8) * 8
        for (const length of [0, 1, bytes - 4, bytes - 3, 2 * bytes - 4, 2 * bytes - 3, 5 * bytes]) {
          yield* ch.send(text(length))
          expect(ch.length).toBe(Math.ceil((4 + length) / bytes))
          expect(yield* ch.receive()).toBe(text(length))
          expect(ch.length).toBe(0)
        }
      }
    }))

  it.each([3, 4, 7, 16])("arrive in order and as they were, of all sizes, round and round: %i places", (capacity) =>
    run(function* () {
      const ch = texts(capacity)
      const sizes = Array.from({ length: 200 }, (_, i) => (i * 7) % (8 * Math.min(capacity, 5) - 3))
      const sender = go(function* () {
        for (const [i, size] of sizes.entries()) yield* ch.send(text(size, i))
        ch.close()
      })
      const received: Array<string> = []
      yield* ch.forEach((value) => received.push(value))
      expect(received).toEqual(sizes.map((size, i) => text(size, i)))
      yield* sender
    }),
  )

  it("go and come many at a time", () =>
    run(function* () {
      const ch = texts(6)
      const all = Array.from({ length: 50 }, (_, i) => text((i * 5) % 30, i))
      const sender = go(function* () {
        yield* ch.sendAll(all)
        ch.close()
      })
      const received: Array<string> = []
      for (;;) {
        const values = yield* ch.receiveUpTo(3)
        if (values.length === 0) break
        expect(values.length).toBeLessThanOrEqual(3)
        received.push(...values)
      }
      expect(received).toEqual(all)
      yield* sender
    }))

  it("of more places than the channel has are refused before anything is written", () =>
    run(function* () {
      const ch = texts(3)
      expect(ch.trySend(text(20))).toBe(true)
      expect(yield* ch.receive()).toBe(text(20))
      for (const attempt of [() => ch.send(text(21)), () => ch.trySend(text(21))])
        expect(attempt).toThrow(
          'channels: codec spread(utf8(1000),8) can\'t carry "abcdefghijklmnopqrstu"; it takes at most 20 bytes in 3 places, and these are 21',
        )
      expect(() => ch.send(text(1001))).toThrow("it takes at most 1000 bytes, and these are 1001")
      expect(() => [...ch.sendAll(["a", text(21)])]).toThrow(ValueDoesNotFit)
      expect([ch.length, ch.tryReceive()]).toEqual([0, undefined])
    }))

  it("wait for so many places at once, and let those behind go on when they are withdrawn", () =>
    run(function* () {
      const ch = texts(4)
      yield* ch.send(text(10))
      const large = go(function* () {
        yield* ch.send(text(28))
      })
      const small = go(function* () {
        yield* ch.send("a")
      })
      yield* untilWaiting(large)
      yield* untilWaiting(small)
      expect(ch.trySend(text(20))).toBe(false)
      large.interrupt()
      yield* small
      expect([yield* ch.receive(), yield* ch.receive()]).toEqual([text(10), "a"])
    }))

  it("are chosen by a select, which sends them whole or not at all", () =>
    run(function* () {
      const [full, free] = [texts(2), texts(2)]
      yield* full.send("a")
      const hit = yield* select({ full: full.send(text(12)), free: free.send(text(12)) })
      expect([hit.case, full.length, free.length]).toEqual(["free", 1, 2])
    }))

  it("end once closed and drained, and are sent no more", () =>
    run(function* () {
      const ch = texts(4)
      yield* ch.send(text(20))
      ch.close()
      expect(() => ch.trySend("a")).toThrow(ChannelClosed)
      expect([yield* ch.receive(), yield* ch.receive()]).toEqual([text(20), undefined])
    }))

  it("may be bytes and JSON", () =>
    run(function* () {
      const bytes = sharedChan(spread(codec.bytes(100), 16), 8)
      yield* bytes.send(Uint8Array.from({ length: 100 }, (_, i) => i))
      expect(yield* bytes.receive()).toEqual(Uint8Array.from({ length: 100 }, (_, i) => i))
      const json = sharedChan(spread(codec.json<ReadonlyArray<string>>(1000), 16), 32)
      yield* json.send(["a", text(100)])
      expect(yield* json.receiveUpTo(2)).toEqual([["a", text(100)]])
    }))

  it("are the same for whoever attaches the channel by the same codec and place", () =>
    run(function* () {
      const ch = texts(4, 15)
      const other = sharedChan.from(spread(codec.utf8(1000), 16), ch.share())
      yield* ch.send(text(40))
      expect(yield* other.receive()).toBe(text(40))
      for (const different of [spread(codec.utf8(1000), 8), spread(codec.utf8(1001), 16), codec.utf8(12)])
        expect(() => sharedChan.from(different, ch.share())).toThrow(SharedChannelMismatch)
    }))

  it("need places of a size, and some of them", () => {
    for (const place of [0, -1, 0.5, Number.NaN, 2 ** 31]) expect(() => texts(4, place)).toThrow(InvalidCapacity)
    expect(() => texts(4, 0)).toThrow("spread: place out of range (0); pass a whole number from 1 to 1073741824")
    expect(() => texts(0)).toThrow(
      "makechan: size out of range (0); values are spread over places, so pass how many there are",
    )
  })

  it("of no places are refused before anything is written where they would have lain", () =>
    run(function* () {
      const buffer = new SharedArrayBuffer(4096)
      const handle = { weft: "SharedChannel", buffer, offset: 0 } as const
      const by = spread(codec.utf8(100), 8)
      expect(() => sharedChan.from(by, { ...handle, capacity: 0 })).toThrow(InvalidCapacity)
      expect(new Int32Array(buffer).every((word) => word === 0)).toBe(true)
      const ch = sharedChan.from(by, { ...handle, capacity: 4 })
      yield* ch.send("a")
      expect(yield* ch.receive()).toBe("a")
    }))
})
