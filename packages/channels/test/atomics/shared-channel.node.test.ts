/** The shared channel's own source under the interleavings of its atomic accesses. */
import { join } from "node:path"
import type { Goroutine, Op, Waiter } from "@weft/core"
import { explore, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { schedules } from "../../../core/test/support/soak.ts"
import { announce, loadStepping, Thread } from "../../../core/test/support/stepping.node.ts"
import * as chan from "../../src/chan.ts"
import * as closed from "../../src/closed.ts"
import * as receive from "../../src/receive.ts"
import * as receiver from "../../src/receiver.ts"
import type { Codec } from "../../src/shared/codec.ts"
import { f64 } from "../../src/shared/codecs/number.ts"
import { layoutOf } from "../../src/shared/ring-layout.ts"

type Steps<A = void> = Generator<Op<unknown>, A, unknown>

interface SteppingChannel {
  send(value: number): Steps<unknown>
  sendAll(values: ReadonlyArray<number>): Steps
  receiveUpTo(most: number): unknown
  pollReceive(): Steps<unknown>
  enqueueReceiver(waiter: Waiter): Steps
  dequeueReceiver(waiter: Waiter): Steps
  close(): Steps
  readonly length: number
}

const { SharedChannel } = loadStepping(join(import.meta.dirname, "../../src/shared/shared-channel.ts"), {
  "../chan.ts": chan,
  "../closed.ts": closed,
  "../receive.ts": receive,
  "../receiver.ts": receiver,
}) as {
  readonly SharedChannel: new (codec: Codec<number>, capacity: number, place: object) => SteppingChannel
}

/** The channel as each of the threads sees it. */
function channels(capacity: number, count: number): Array<{ readonly thread: Thread; readonly ch: SteppingChannel }> {
  const buffer = new SharedArrayBuffer(4 * layoutOf(capacity, 8).words)
  announce(new Int32Array(buffer))
  return Array.from({ length: count }, (_, i) => ({
    thread: new Thread(i + 1),
    ch: new SharedChannel(f64, capacity, { buffer, offset: 0 }),
  }))
}

/** A receive, as an op whose parts step. */
const receiving = (ch: SteppingChannel) => ({
  poll: () => ch.pollReceive(),
  enqueue: (waiter: Waiter) => ch.enqueueReceiver(waiter),
  dequeue: (waiter: Waiter) => ch.dequeueReceiver(waiter),
  finish: (raw: unknown) => raw,
})

/** Typed as the steps of a simulated thread. */
const joined = (goroutine: Goroutine): Steps => goroutine as unknown as Steps

/** Each producer sends so many values; the last one to end closes; consumers receive until the end. */
function* producing(capacity: number, producers: number, consumers: number, each: number): Steps {
  const all = channels(capacity, producers + consumers)
  const received: Array<Array<number>> = []
  let left = producers
  const goroutines = all.map(({ ch, thread }, i) =>
    thread.start(i < producers ? "producer" : "consumer", function* () {
      if (i < producers) {
        for (let k = 0; k < each; k++) yield* thread.commit(yield* ch.send(10 * i + k))
        if (--left === 0) yield* ch.close()
        return
      }
      const own: Array<number> = []
      received.push(own)
      for (;;) {
        const value = yield* thread.commit(receiving(ch))
        if (value === receive.Ended) return
        own.push(value as number)
      }
    }),
  )
  for (const goroutine of goroutines) yield* joined(goroutine)
  const sent = Array.from({ length: producers * each }, (_, n) => 10 * Math.floor(n / each) + (n % each))
  expect(received.flat().toSorted((a, b) => a - b)).toEqual(sent)
  for (const own of received)
    for (let producer = 0; producer < producers; producer++) {
      const of = own.filter((value) => Math.floor(value / 10) === producer)
      expect(of).toEqual(of.toSorted((a, b) => a - b))
    }
}

/** In batches. */
function* batching(capacity: number, consumers: number): Steps {
  const all = channels(capacity, 1 + consumers)
  const received: Array<number> = []
  const goroutines = all.map(({ ch, thread }, i) =>
    thread.start(i === 0 ? "producer" : "consumer", function* () {
      if (i === 0) {
        yield* ch.sendAll([1, 2, 3])
        yield* ch.close()
        return
      }
      for (;;) {
        const values: Array<number> = yield* thread.commit(ch.receiveUpTo(2))
        if (values.length === 0) return
        received.push(...values)
      }
    }),
  )
  for (const goroutine of goroutines) yield* joined(goroutine)
  expect(received.toSorted()).toEqual([1, 2, 3])
  if (consumers === 1) expect(received).toEqual([1, 2, 3])
}

/** A receiver and a sender are interrupted at any moment: what was sent is received or still there. */
function* withdrawing(): Steps {
  const [one, two, three] = channels(1, 3)
  const sent: Array<number> = []
  const received: Array<unknown> = []
  const sending = ({ ch, thread }: NonNullable<typeof one>, value: number) =>
    thread.start("sender", function* () {
      yield* thread.commit(yield* ch.send(value))
      sent.push(value)
    })
  const victims = [
    sending(one!, 1),
    sending(one!, 2),
    two!.thread.start("receiver", function* () {
      received.push(yield* two!.thread.commit(receiving(two!.ch)))
    }),
  ]
  const other = three!.thread.start("receiver", function* () {
    received.push(yield* three!.thread.commit(receiving(three!.ch)))
  })
  for (const victim of victims.slice(1)) victim.interrupt()
  yield* waitIdle()
  // One that was committed, and interrupted before it could say so, has happened.
  const there = received.length + three!.ch.length
  expect(there).toBeGreaterThanOrEqual(sent.length - 1)
  expect(there).toBeLessThanOrEqual(2)
  expect(new Set(received).size).toBe(received.length)
  // Nobody waits for what is there.
  expect(three!.ch.length > 0 && other.status !== "done").toBe(false)
  other.interrupt()
}

describe("a shared channel, access by access", () => {
  it.each([
    ["a producer and a consumer, 3 values", () => producing(1, 1, 1, 3)],
    ["2 producers and a consumer", () => producing(2, 2, 1, 1)],
    ["a sender and a receiver are withdrawn", withdrawing],
  ] as const)("in all schedules with at most 1 preemption: %s", async (_, program) => {
    expect(await explore.check({ preemptions: 1 }, program)).toMatchObject({ complete: true })
  })

  describe.each(["random", "pct"] as const)("in 2,000 schedules: %s", (strategy) => {
    it.each([
      ["2 producers and 2 consumers, capacity 1", () => producing(1, 2, 2, 3)],
      ["2 producers and 2 consumers, capacity 3", () => producing(3, 2, 2, 4)],
      ["2 consumers, in batches", () => batching(2, 2)],
      ["a sender and a receiver are withdrawn", withdrawing],
    ] as const)("%s", async (_, program) => {
      await explore.check({ strategy, schedules: schedules(2000) }, program)
    })
  })
})
