import { go, type Goroutine, gosched, HandleMismatch, InvalidSharedPlace, type Op, run, sleep } from "@weft/core"
import { Effect } from "effect"
import { describe, expect, it, vi } from "vitest"
import { parked, untilWaiting } from "../../../core/test/support/idle.ts"
import { chan, InvalidCapacity } from "../chan.ts"
import { ChannelClosed } from "../closed.ts"
import { select, trySelect } from "../select.ts"
import type { Codec } from "./codec.ts"
import { CodecHash } from "./ring-layout.ts"
import { codec, sharedChan } from "./shared-chan.ts"
import { type SharedChannelHandle, SharedChannelMismatch } from "./shared-channel.ts"

const numbers = (capacity = 2) => sharedChan(codec.f64, capacity)

describe("a shared channel", () => {
  it.each([1, 2, 3, 4, 7])("is first in, first out, and full at its capacity: %i", (capacity) => {
    const ch = numbers(capacity)
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < capacity; i++) expect(ch.trySend(i)).toBe(true)
      expect([ch.trySend(-1), ch.length, ch.capacity]).toEqual([false, capacity, capacity])
      for (let i = 0; i < capacity; i++) expect(ch.tryReceive()).toEqual({ ok: true, value: i })
      expect([ch.tryReceive(), ch.length]).toEqual([undefined, 0])
    }
  })

  it("lets a sender wait for room, and a receiver for a value", () =>
    run(function* () {
      const ch = numbers(1)
      const sender = go(function* () {
        for (let i = 0; i < 10; i++) yield* ch.send(i)
        ch.close()
      })
      const received: Array<number> = []
      yield* ch.forEach((value) => received.push(value))
      expect(received).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
      yield* sender
    }))

  // Attached twice, as by two threads: what the one receives, those who wait at the other hear of later.
  it("sends all of an array, and refuses at the call what is none", () => {
    const ch = numbers()
    for (const [given, shown] of [
      [new Set([1]), "a Set"],
      [undefined, "undefined"],
      [7, "7"],
    ])
      expect(() => ch.sendAll(given as never)).toThrow(
        `channels: sendAll of ${shown as string}; pass an array, as in sendAll([...values])`,
      )
    expect(ch.length).toBe(0)
  })

  it.each(["trySend", "sendAll"] as const)("lets no %s pass those of its thread who wait to send", (how) =>
    run(function* () {
      const ch = numbers(2)
      const elsewhere = sharedChan.from(codec.f64, ch.share())
      const received: Array<number> = []
      const taken = () => received.push(elsewhere.tryReceive()!.value!)
      yield* ch.sendAll([0, 1])
      const waiting = [2, 3].map((value) =>
        go(function* () {
          yield* ch.send(value)
        }),
      )
      for (const sender of waiting) yield* untilWaiting(sender)
      taken()
      if (how === "trySend") {
        expect(ch.trySend(4)).toBe(false)
        taken()
        taken()
        expect(ch.trySend(4)).toBe(true)
      } else {
        const others = go(function* () {
          while (received.length < 5) received.push((yield* elsewhere.receive())!)
        })
        yield* ch.sendAll([4])
        yield* others
      }
      while (elsewhere.length > 0) taken()
      expect(received).toEqual([0, 1, 2, 3, 4])
      for (const sender of waiting) yield* sender
    }),
  )

  it("panics at once in a trySend behind those who wait to send, where another thread has closed it", () =>
    run(function* () {
      const ch = numbers(1)
      yield* ch.send(0)
      const waiting = go(function* () {
        try {
          return yield* ch.send(1)
        } catch (error) {
          return error
        }
      })
      yield* untilWaiting(waiting)
      sharedChan.from(codec.f64, ch.share()).close()
      expect(() => ch.trySend(2)).toThrow(ChannelClosed)
      expect(yield* waiting).toBeInstanceOf(ChannelClosed)
    }))

  it("serves waiting receivers, and senders, in order", () =>
    run(function* () {
      const ch = numbers(1)
      const order: Array<unknown> = []
      const receivers: Array<Goroutine<void>> = []
      for (const name of ["a", "b"]) {
        const receiver = go(function* () {
          order.push([name, yield* ch.receive()])
        })
        receivers.push(yield* parked(receiver))
      }
      yield* ch.send(1)
      yield* ch.send(2)
      for (const receiver of receivers) yield* receiver
      yield* ch.send(3)
      const senders = [yield* parked(go(ch.send(4))), yield* parked(go(ch.send(5)))]
      for (let i = 0; i < 3; i++) order.push(yield* ch.receive())
      expect(order).toEqual([["a", 1], ["b", 2], 3, 4, 5])
      for (const sender of senders) yield* sender
    }))

  it("shows no other thread a value before it is written, nor gives away its place before it is read", () => {
    let meanwhile: (() => unknown) | undefined
    const seen: Array<unknown> = []
    const look = () => {
      if (meanwhile !== undefined) seen.push(meanwhile())
      meanwhile = undefined
    }
    const { read, write } = codec.f64
    const watched: Codec<number> = {
      ...codec.f64,
      write(memory, at, encoded) {
        look()
        write(memory, at, encoded)
      },
      read(memory, at) {
        look()
        return read(memory, at)
      },
    }
    // As many places as values: the next send is to the place that is read.
    const here = sharedChan(watched, 2)
    const there = sharedChan.from(codec.f64, here.share())
    for (let value = 1; value <= 5; value += 2) {
      meanwhile = () => there.tryReceive()
      expect([here.trySend(value), here.trySend(value + 1)]).toEqual([true, true])
      meanwhile = () => there.trySend(-1)
      expect([here.tryReceive(), here.tryReceive()]).toMatchObject([{ value }, { value: value + 1 }])
    }
    expect(seen).toEqual([undefined, false, undefined, false, undefined, false])
  })

  it("wakes the threads that wait one after the other, for what one sends or receives without a pause", () =>
    run(function* () {
      const one = numbers(2)
      const others = [1, 2].map(() => sharedChan.from(codec.f64, one.share()))
      const receivers = others.map((ch) => go(ch.receive()))
      yield* untilWaiting(...receivers)
      // The first of them clears what says that others wait.
      expect([one.trySend(1), one.trySend(2)]).toEqual([true, true])
      for (const receiver of receivers) yield* receiver
      expect([one.trySend(3), one.trySend(4)]).toEqual([true, true])
      const senders = others.map((ch, i) => go(ch.send(5 + i)))
      yield* untilWaiting(...senders)
      expect([one.tryReceive()?.value, one.tryReceive()?.value]).toEqual([3, 4])
      for (const sender of senders) yield* sender
      expect(one.length).toBe(2)
    }))

  it("is the same channel where it is attached again", () =>
    run(function* () {
      const one = numbers(2)
      const other = sharedChan.from(codec.f64, one.share())
      const waiting = go(function* () {
        return [yield* other.receive(), yield* other.next(), yield* other.next()]
      })
      yield* untilWaiting(waiting)
      yield* one.send(1)
      yield* one.send(2)
      one.close()
      expect(yield* waiting).toEqual([1, { ok: true, value: 2 }, { ok: false, value: undefined }])
      expect(other.closed).toBe(true)
    }))

  it("drains after its close, then ends for ever; waiting senders panic with their value", () =>
    run(function* () {
      const ch = numbers(1)
      yield* ch.send(1)
      const sender = go(function* () {
        try {
          yield* ch.send(2)
        } catch (error) {
          return error
        }
        return undefined
      })
      yield* untilWaiting(sender)
      ch.close()
      expect(yield* sender).toMatchObject({ name: "ChannelClosed", value: 2 })
      expect(() => ch.trySend(3)).toThrow(ChannelClosed)
      expect(() => ch.close()).toThrow(ChannelClosed)
      expect([yield* ch.receive(), yield* ch.receive(), yield* ch.next()]).toEqual([
        1,
        undefined,
        { ok: false, value: undefined },
      ])
    }))

  it("in a select takes exactly one of the cases: shared channels, a local one and a timeout", () =>
    run(function* () {
      const [shared, other] = [numbers(1), numbers(1)]
      const local = chan<number>(1)
      const cases = (late: Op<void>) => ({
        shared: shared.receive(),
        other: other.receive(),
        local: local.receive(),
        late,
      })
      expect(trySelect({ shared: shared.receive(), other: other.receive() })).toBeUndefined()
      for (let i = 0; i < 20; i++) {
        const waiting = go(function* () {
          return yield* select(cases(sleep("1 hour")))
        })
        yield* untilWaiting(waiting)
        const to = [shared, other, local][i % 3]!
        yield* to.send(i)
        expect((yield* waiting).value).toBe(i)
        expect(shared.length + other.length + local.length).toBe(0)
      }
      expect((yield* select(cases(sleep(10)))).case).toBe("late")
      expect(yield* select({ sent: shared.send(1), got: other.receive() })).toMatchObject({ case: "sent" })
      expect(shared.length).toBe(1)
    }))

  it("loses nothing to an interrupted receiver or sender, in a goroutine or a fiber", () =>
    run(function* () {
      const ch = numbers(1)
      const receiver = go(function* () {
        yield* ch.receive()
      })
      const fiber = go(Effect.asVoid(ch.receive()))
      yield* untilWaiting(receiver, fiber)
      receiver.interrupt()
      fiber.interrupt()
      yield* gosched()
      yield* ch.send(1)
      const sender = go(function* () {
        yield* ch.send(2)
      })
      yield* untilWaiting(sender)
      sender.interrupt()
      yield* gosched()
      expect([yield* ch.receive(), ch.tryReceive()]).toEqual([1, undefined])
    }))

  it("sends no more at a time than its capacity has room for, which is less than its slots", () =>
    run(function* () {
      const ch = numbers(5)
      const sending = yield* parked(go(() => ch.sendAll([1, 2, 3, 4, 5, 6, 7])))
      expect([sending.status, ch.trySend(0)]).toEqual(["waiting", false])
      expect(yield* ch.receiveUpTo(7)).toEqual([1, 2, 3, 4, 5])
      expect([yield* ch.receive(), yield* ch.receive()]).toEqual([6, 7])
      yield* sending
    }))

  it("takes single values for what they are where a batch has lain before", () =>
    run(function* () {
      const ch = numbers(4)
      yield* ch.sendAll([1, 2, 3])
      expect(yield* ch.receiveUpTo(3)).toEqual([1, 2, 3])
      yield* ch.send(4)
      expect(yield* ch.receive()).toBe(4)
      // In the slot of 1, behind which there were two more.
      yield* ch.send(5)
      expect(yield* ch.receiveUpTo(4)).toEqual([5])

      yield* ch.sendAll([6, 7, 8])
      expect(yield* ch.receive()).toBe(6)
      const sending = go(() => ch.sendAll([9, 10, 11, 12]))
      yield* gosched()
      const received: Array<number | undefined> = []
      while (received.length < 6) received.push(yield* ch.receive())
      expect(received).toEqual([7, 8, 9, 10, 11, 12])
      yield* sending
    }))

  it("sends and receives many at a time, in order, round and round", () =>
    run(function* () {
      const ch = numbers(5)
      const all = Array.from({ length: 100 }, (_, i) => i)
      const sender = go(function* () {
        yield* ch.sendAll(all)
        ch.close()
      })
      const received: Array<number> = []
      for (;;) {
        const values = yield* ch.receiveUpTo(3)
        if (values.length === 0) break
        expect(values.length).toBeLessThanOrEqual(3)
        received.push(...values)
      }
      expect(received).toEqual(all)
      yield* sender
    }))

  it.each([
    [0, "read"],
    [2, "read"],
    [0, "open"],
    [2, "open"],
  ] as const)("loses what its codec can't read, and nothing else: capacity %i, by %s", (capacity, how) =>
    run(function* () {
      const unreadable = new Error("of another version")
      const picked = (value: unknown) => {
        if ((value as number) < 0) throw unreadable
        return value as number
      }
      const picky: Codec<number> = {
        ...codec.f64,
        name: "picky",
        ...(how === "open" ? { open: picked } : { read: (memory, at) => picked(codec.f64.read(memory, at)) }),
      }
      const ch = sharedChan(picky, capacity)
      const outcomes: Array<unknown> = []
      const receiver = go(function* () {
        for (let i = 0; i < 6; i++) {
          try {
            outcomes.push(i % 2 === 0 ? yield* ch.receive() : yield* ch.receiveUpTo(1))
          } catch (error) {
            outcomes.push(error)
          }
        }
      })
      // Some wait for a value, and some for room.
      yield* untilWaiting(receiver)
      for (const value of [-1, -2, 3, 4, -5, 6]) yield* ch.send(value)
      yield* receiver
      expect(outcomes).toEqual([unreadable, unreadable, 3, [4], unreadable, [6]])
      expect(ch.length).toBe(0)
    }),
  )

  it("says what it waits for, be it one value or many", () =>
    run(function* () {
      const ch = numbers(2)
      const waiting = [go(ch.receive()), go(ch.receiveUpTo(2))]
      yield* untilWaiting(...waiting)
      for (const { waitDetail, waitReason } of waiting)
        expect([waitReason, waitDetail]).toEqual(["chan receive", "a shared channel of f64 (capacity 2, 0 buffered)"])
      ch.close()
      for (const goroutine of waiting) yield* goroutine
    }))

  it("receives many at a time where each value is an array, also once it has waited", () =>
    run(function* () {
      const ch = sharedChan(codec.json<ReadonlyArray<number>>(40), 4)
      const waiting = go(ch.receiveUpTo(3))
      yield* untilWaiting(waiting)
      yield* ch.sendAll([[1, 2], [], [3]])
      expect(yield* waiting).toEqual([[1, 2], [], [3]])
      yield* ch.sendAll([[4, 5]])
      expect(yield* ch.receiveUpTo(3)).toEqual([[4, 5]])
    }))

  it.each([
    ["undefined, which is no handle", undefined],
    ["5, which is no handle", 5],
    ["an object {port}, which is no handle", { port: 1 }],
    ["an object {weft}, which is no handle", { weft: 7 }],
    ["a SharedArrayBuffer, which is no handle", new SharedArrayBuffer(8)],
    ["the handle of SharedMutex", { weft: "SharedMutex", buffer: new SharedArrayBuffer(64), offset: 0 }],
  ])("is not made from %s", (what, given) => {
    const attempt = () => sharedChan.from(codec.f64, given as never)
    expect(attempt).toThrow(HandleMismatch)
    expect(attempt).toThrow(`weft: SharedChannel from ${what}; pass what SharedChannel.share() gave`)
  })

  it("is not made from a handle whose parts are none", () => {
    const handle = numbers().share()
    for (const capacity of [undefined, -1, 0.5, "2"])
      expect(() => sharedChan.from(codec.f64, { ...handle, capacity } as never)).toThrow(InvalidCapacity)
    for (const buffer of [undefined, new ArrayBuffer(1024)])
      expect(() => sharedChan.from(codec.f64, { ...handle, buffer } as never)).toThrow(InvalidSharedPlace)
    const short = new SharedArrayBuffer(8)
    for (const wrong of [{ offset: 2 }, { offset: 4 }, { offset: -8 }, { offset: 4096 }, { buffer: short }])
      expect(() => sharedChan.from(codec.f64, { ...handle, ...wrong })).toThrow(InvalidSharedPlace)
    const message =
      "weft: no SharedChannel can be at offset 4 of a SharedArrayBuffer of 2464 bytes; it takes 2464 bytes of a SharedArrayBuffer, from a multiple of 8 on"
    expect(() => sharedChan.from(codec.f64, { ...handle, offset: 4 })).toThrow(message)
  })

  it("is refused where it would be too large, with the bytes that it needs", () => {
    expect(() => numbers(2 ** 32 - 1)).toThrow(InvalidCapacity)
    expect(() => numbers(2 ** 32 - 1)).toThrow(
      "makechan: size out of range (4294967295); it needs 68719479168 bytes of shared memory, and 2147483648 is the most: take a smaller one",
    )
    expect(() => sharedChan(codec.utf8(2 ** 30), 1)).toThrow("it needs 2147486112 bytes of shared memory")
  })

  it("is refused where the host has not so much memory", () => {
    const { SharedArrayBuffer } = globalThis
    vi.stubGlobal(
      "SharedArrayBuffer",
      class extends SharedArrayBuffer {
        constructor(bytes: number) {
          if (bytes > 1e6) throw new RangeError("Array buffer allocation failed")
          super(bytes)
        }
      },
    )
    try {
      expect(() => numbers(2 ** 16)).toThrow(InvalidCapacity)
      expect(() => numbers(2 ** 16)).toThrow("it needs 1051008 bytes of shared memory, and the host has not so many")
      expect(numbers(2).trySend(1)).toBe(true)
    } finally {
      vi.unstubAllGlobals()
    }
  })

  it("refuses to receive a number of values that is none", () => {
    for (const most of [0, -1, 1.5, Number.NaN])
      expect(() => numbers().receiveUpTo(most)).toThrow(`receiveUpTo: most out of range (${most}); pass`)
  })

  it("refuses a capacity that it can't have, and to be attached by another codec", () => {
    for (const capacity of [-1, 1.5, Number.NaN]) expect(() => numbers(capacity)).toThrow("makechan: size out of range")
    const ch = numbers(2)
    for (const other of [codec.i32, codec.utf8(1000)] as ReadonlyArray<Codec<unknown>>)
      expect(() => sharedChan.from(other, ch.share() as SharedChannelHandle)).toThrow(SharedChannelMismatch)
    expect(() => sharedChan.from(codec.f64, { ...ch.share(), capacity: 1 })).toThrow(SharedChannelMismatch)
    for (const [made, taken] of [[0, 8] as const, [8, 0] as const])
      expect(() => sharedChan.from(codec.f64, { ...numbers(made).share(), capacity: taken })).toThrow(
        SharedChannelMismatch,
      )
  })

  it("refused, as another thread is just making it with another capacity, does not write its codec there", () => {
    const { buffer, offset } = numbers(2).share()
    const words = new Int32Array(buffer, offset)
    words[CodecHash] = 0
    const handle = { weft: "SharedChannel", buffer, offset } as const
    expect(() => sharedChan.from(codec.i32, { ...handle, capacity: 1 })).toThrow(SharedChannelMismatch)
    expect(words[CodecHash]).toBe(0)
    expect(sharedChan.from(codec.f64, { ...handle, capacity: 2 }).trySend(0.5)).toBe(true)
  })
})
