/** Go's runtime/chan_test.go over shared memory, on threads of the host. */
import { codec, sharedChan } from "@weft/channels"
import { describe, expect, it } from "vitest"
import { onThreads } from "../../../core/test/support/threads.node.ts"
import type {
  consume,
  selectBothWays,
  sendAndReceive,
  sendOrReceive,
  tryWhileClosing,
} from "./channels-on-threads.node.ts"

const module = new URL("./channels-on-threads.node.ts", import.meta.url)
const words = (n: number): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(4 * n))
const numbers = (capacity: number) => sharedChan(codec.i32, capacity)

/** Go tries every one below 200. */
const capacities = [0, 1, 2, 3, 10, 64, 199]

describe("runtime/chan_test", () => {
  describe("on threads", () => {
    it("Chan: waits while empty and while full, the close wakes, what is buffered is kept, in order", async () => {
      const all = capacities.map((capacity) => ({
        waits: numbers(capacity).share(),
        closes: numbers(capacity).share(),
        drains: numbers(capacity).share(),
        orders: numbers(capacity).share(),
        words: words(4),
      }))
      await onThreads<typeof sendOrReceive>(2, module, "sendOrReceive", all)
    })

    it("Chan: 4 senders and 4 receivers lose nothing and double nothing", { tags: "long" }, async () => {
      const [threads, values] = [4, 250]
      const data = { channels: [0, 1, 10, 199].map((capacity) => numbers(capacity).share()), values }
      const seen = await onThreads<typeof sendAndReceive>(threads, module, "sendAndReceive", data)
      for (let ch = 0; ch < data.channels.length; ch++)
        for (let value = 0; value < values; value++)
          expect(seen.reduce((sum, times) => sum + times[ch]![value]!, 0)).toBe(threads)
    })

    it(
      "NonblockRecvRace: with a value there and a close coming, a try on another thread is always ready",
      { tags: "long" },
      async () => {
        const data = { channels: Array.from({ length: 300 }, () => numbers(1).share()), words: words(2) }
        expect(await onThreads<typeof tryWhileClosing>(2, module, "tryWhileClosing", data)).toEqual([0, 0])
      },
    )

    it(
      "MultiConsumer: 23 ranging workers on two threads see each item of a third one once",
      { tags: "long" },
      async () => {
        const [workers, items] = [23, 271_828]
        const [queue, results] = [numbers(workers * 4).share(), numbers(workers * 4).share()]
        const data = { queue, results, items, workers, left: words(1).fill(workers) }
        const [counted] = await onThreads<typeof consume>(3, module, "consume", data)
        expect([counted!.count, counted!.sum]).toEqual([items, counted!.expected])
      },
    )

    it("SelfSelect: threads that send and receive on one channel never get their own value", async () => {
      const channels = [0, 1, 10].map(numbers)
      const data = { channels: channels.map((ch) => ch.share()), rounds: 1_000 }
      const [one, two] = await onThreads<typeof selectBothWays>(2, module, "selectBothWays", data)
      // With a buffer a value of one's own may come back: Go's test allows that, too.
      expect([one![0]!.own, two![0]!.own]).toEqual([0, 0])
      expect(one![0]!.sent).toBe(two![0]!.received)
      for (const [i, ch] of channels.entries()) {
        const [first, second] = [one![i]!, two![i]!]
        expect(first.sent + second.sent).toBe(first.received + second.received + ch.length)
      }
    })
  })
})
