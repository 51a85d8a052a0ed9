/** Go's test directory over shared memory, on threads of the host: chan/nonblock.go, chan/sieve1.go, closedchan.go, chancap.go, ken/chan.go, ken/chan1.go, fixedbugs. */
import { codec, sharedChan } from "@weft/channels"
import { describe, expect, it } from "vitest"
import { onThreads } from "../../../core/test/support/threads.node.ts"
import {
  type countEach,
  type keepSequences,
  type measure,
  type receiveAll,
  receiveForms,
  type sendAll,
  sendForms,
  type sieve,
  type tryOrWait,
} from "./channels-on-threads.node.ts"

const module = new URL("./channels-on-threads.node.ts", import.meta.url)
const words = (n: number): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(4 * n))
const numbers = (capacity: number) => sharedChan(codec.i32, capacity)

describe("test/chan", () => {
  describe("on threads", () => {
    it("nonblock: tries miss without a partner and hit one of another thread within bounded yields", async () => {
      const data = [0, 1, 10].map((capacity) => ({
        values: numbers(capacity).share(),
        sync: numbers(1).share(),
        words: words(1),
      }))
      await onThreads<typeof tryOrWait>(2, module, "tryOrWait", data)
    })

    it("sieve1: a chain of filters on two threads gives the 25 primes under 100", { tags: "long" }, async () => {
      const primes = words(25)
      const channels = Array.from(primes, () => numbers(0).share())
      await onThreads<typeof sieve>(2, module, "sieve", { channels, primes })
      expect([...primes]).toEqual([
        2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
      ])
    })
  })
})

describe("test", () => {
  describe("on threads", () => {
    const kinds = [
      ["unbuffered, empty", 0, []],
      ["buffered, empty", 2, []],
      ["buffered, holding 1", 2, [1]],
    ] as const

    /** Closed here, for another thread. */
    const closed = (capacity: number, held: ReadonlyArray<number>) => {
      const ch = numbers(capacity)
      for (const value of held) ch.trySend(value)
      ch.close()
      return ch
    }

    it("closedchan: every form of receive on another thread gives what is held, and then thrice the end", async () => {
      const all = kinds.flatMap(([, capacity, held]) =>
        receiveForms.map((form) => ({ form, held, channel: closed(capacity, held).share(), times: held.length + 3 })),
      )
      const [got] = await onThreads<typeof receiveAll>(1, module, "receiveAll", all)
      expect(got).toHaveLength(24)
      for (const [i, each] of got!.entries()) {
        const { form, held } = all[i]!
        const tellsOk = each.at(-1)!.ok !== undefined
        expect(
          each.map(({ value }) => value),
          form,
        ).toEqual([...held, undefined, undefined, undefined])
        if (tellsOk)
          expect(
            each.map(({ ok }) => ok),
            form,
          ).toEqual([...held.map(() => true), false, false, false])
      }
    })

    it("closedchan: every form of send panics on another thread, and so does a second close", async () => {
      const channels = kinds.flatMap(([, capacity, held]) =>
        sendForms.map((form) => ({ form, held, ch: closed(capacity, held) })),
      )
      const data = channels.map(({ ch, form }) => ({ channel: ch.share(), form }))
      const [thrown] = await onThreads<typeof sendAll>(1, module, "sendAll", data)
      expect(thrown).toHaveLength(12)
      for (const [i, each] of thrown!.entries()) {
        for (const [k, text] of each.entries())
          expect(text, channels[i]!.form).toMatch(
            k % 2 === 0 ? /^ChannelClosed: send on closed channel/ : /^ChannelClosed: close of closed channel/,
          )
        expect(channels[i]!.ch.length).toBe(channels[i]!.held.length)
      }
    })

    it("chancap, makechan: length and capacity on both threads; bad capacities panic with Go's words on another one", async () => {
      const ch = numbers(10)
      for (let i = 0; i < 3; i++) ch.trySend(i)
      const bad = [-1, -10, -(2 ** 63), 2 ** 63, NaN, 1.5, 2 ** 32, 2 ** 53, 1e100]
      const [found] = await onThreads<typeof measure>(1, module, "measure", { bad, channel: ch.share() })
      expect([found!.before, found!.after, [ch.length, ch.capacity]]).toEqual([
        [3, 10],
        [5, 10],
        [5, 10],
      ])
      for (const text of found!.thrown) expect(text).toMatch(/^InvalidCapacity: makechan: size out of range/)
    })
  })
})

describe("test/ken", () => {
  describe("on threads", () => {
    it("chan: 8 channels between two threads keep every sequence, by plain and by select ends", async () => {
      const all = [0, 1, 10, 100].flatMap((capacity) =>
        [
          [false, false],
          [false, true],
          [true, false],
          [true, true],
        ]
          // A select may have one send to a shared channel of capacity 0.
          .filter(([isSendBySelect]) => capacity > 0 || isSendBySelect === false)
          .map(([isSendBySelect, isReceiveBySelect]) => ({
            channels: Array.from({ length: 8 }, () => numbers(capacity).share()),
            isSendBySelect: isSendBySelect!,
            isReceiveBySelect: isReceiveBySelect!,
          })),
      )
      expect(all).toHaveLength(14)
      await onThreads<typeof keepSequences>(2, module, "keepSequences", all)
    })

    it(
      "chan1: of 1,000 sends 10 receivers on two threads get each once, over a capacity of 2",
      { tags: "long" },
      async () => {
        const times = words(1_000)
        await onThreads<typeof countEach>(3, module, "countEach", { channel: numbers(2).share(), times })
        expect(times.every((count) => count === 1)).toBe(true)
      },
    )
  })
})

describe("fixedbugs", () => {
  describe("on threads", () => {
    it("bug225, bug234: default while empty; ok for what another thread sent before its close, and not after it", async () => {
      const ch = numbers(1_000)
      const tried = await onThreads<typeof receiveAll>(1, module, "receiveAll", [
        { channel: ch.share(), form: "tryReceive", times: 1 },
      ])
      expect(tried).toEqual([[[undefined]]])
      for (let i = 0; i < 10; i++) ch.trySend(i)
      ch.close()
      const [got] = await onThreads<typeof receiveAll>(1, module, "receiveAll", [
        { channel: ch.share(), form: "next", times: 12 },
      ])
      expect(got![0]!.map(({ ok }) => ok)).toEqual([...new Array<boolean>(10).fill(true), false, false])
    })
  })
})
