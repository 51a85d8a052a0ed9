/** Real threads over one shared channel: each value exactly once, and in its sender's order. */
import { describe, expect, it } from "vitest"
import { schedules } from "../../../core/test/support/soak.ts"
import { onThreads } from "../../../core/test/support/threads.node.ts"
import { codec, sharedChan } from "../../src/shared/shared-chan.ts"
import {
  type consume,
  type exchange,
  type produceOrConsume,
  type produceOrConsumeBytes,
  spreadBytes,
} from "./traffic.node.ts"

const traffic = new URL("./traffic.node.ts", import.meta.url)

describe("a shared channel, on threads", () => {
  const carries = async ({
    capacity,
    consumers,
    producers,
  }: Record<"capacity" | "consumers" | "producers", number>) => {
    const each = schedules(capacity === 0 ? 1_000 : 20_000)
    const ch = sharedChan(codec.f64, capacity)
    const left = new Int32Array(new SharedArrayBuffer(4)).fill(producers)
    const results = await onThreads<typeof produceOrConsume>(producers + consumers, traffic, "produceOrConsume", {
      channel: ch.share(),
      producers,
      each,
      left,
    })
    const received: Array<Awaited<ReturnType<typeof consume>>> = results.flatMap((result) =>
      result === undefined ? [] : [result],
    )
    expect(received.every(({ isOrdered }) => isOrdered)).toBe(true)
    const sum = (of: "count" | "sum") => received.reduce((all, result) => all + result[of], 0)
    const total = producers * each
    expect(sum("count")).toBe(total)
    expect(sum("sum")).toBe((total * (total - 1)) / 2)
  }

  it.each([
    { producers: 1, consumers: 1, capacity: 128 },
    { producers: 2, consumers: 2, capacity: 3 },
    { producers: 2, consumers: 2, capacity: 0 },
  ])("$producers producers, $consumers consumers, capacity $capacity", carries)

  it.each([
    { producers: 1, consumers: 1, capacity: 1 },
    { producers: 3, consumers: 1, capacity: 16 },
    { producers: 1, consumers: 3, capacity: 16 },
    { producers: 4, consumers: 4, capacity: 64 },
    { producers: 1, consumers: 1, capacity: 0 },
    { producers: 3, consumers: 2, capacity: 0 },
  ])("$producers producers, $consumers consumers, capacity $capacity", { tags: "long" }, carries)

  it.each([
    { producers: 1, consumers: 1, capacity: 20 },
    { producers: 2, consumers: 2, capacity: 32 },
    { producers: 3, consumers: 1, capacity: 256 },
  ])(
    "values of all sizes: $producers producers, $consumers consumers, $capacity places",
    async ({ capacity, consumers, producers }) => {
      const each = schedules(5_000)
      const ch = sharedChan(spreadBytes, capacity)
      const left = new Int32Array(new SharedArrayBuffer(4)).fill(producers)
      const shared = { channel: ch.share(), producers, each, left }
      const threads = producers + consumers
      const results = await onThreads<typeof produceOrConsumeBytes>(threads, traffic, "produceOrConsumeBytes", shared)
      const received = results.flatMap((result) => (result === undefined ? [] : [result]))
      const sum = (of: "bad" | "count" | "sum") => received.reduce((all, result) => all + result[of], 0)
      expect([sum("bad"), sum("count"), sum("sum")]).toEqual([0, producers * each, (producers * each * (each - 1)) / 2])
    },
  )

  it("two threads exchange at capacity 0, each in selects that send and receive: what one has sent the other has got", async () => {
    const times = schedules(1_000)
    const [there, back] = [sharedChan(codec.f64, 0), sharedChan(codec.f64, 0)]
    const channels = [there.share(), back.share()] as const
    const [one, two] = await onThreads<typeof exchange>(2, traffic, "exchange", { channels, times })
    expect(one!.got).toEqual(two!.sent)
    expect(two!.got).toEqual(one!.sent)
    expect(one!.sent.length + one!.got.length).toBe(times)
  })
})
