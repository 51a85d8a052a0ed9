/**
 * A shared channel whose values are spread over places, its own source, under the interleavings of its atomic accesses.
 *
 * @module-tag long
 */
import { join } from "node:path"
import type { Goroutine, Op } from "@weft/core"
import { explore, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { schedules } from "../../../core/test/support/soak.ts"
import { announce, loadStepping, Thread } from "../../../core/test/support/stepping.node.ts"
import * as chan from "../../src/chan.ts"
import * as closed from "../../src/closed.ts"
import * as receive from "../../src/receive.ts"
import * as receiver from "../../src/receiver.ts"
import type { Codec, SizedCodec } from "../../src/shared/codec.ts"
import { bytes } from "../../src/shared/codecs/bytes.ts"
import { layoutOf } from "../../src/shared/ring-layout.ts"
import { mourning, type SteppingRing, untilClaiming } from "./dying.node.ts"

type Steps<A = void> = Generator<Op<unknown>, A, unknown>

interface SteppingChannel {
  readonly ring: SteppingRing
  send(value: Uint8Array): Steps<unknown>
  receiveUpTo(most: number): unknown
  close(): Steps
  readonly length: number
}

const source = join(import.meta.dirname, "../../src/shared")
const { SharedChannel, spread } = loadStepping([join(source, "shared-channel.ts"), join(source, "spread.ts")], {
  "../chan.ts": chan,
  "../closed.ts": closed,
  "../receive.ts": receive,
  "../receiver.ts": receiver,
}) as {
  readonly SharedChannel: new (codec: Codec<Uint8Array>, capacity: number, place: object) => SteppingChannel
  readonly spread: (codec: SizedCodec<Uint8Array>, place: number) => Codec<Uint8Array>
}

const place = 8

/** The channel as each of the threads sees it. */
function channels(capacity: number, count: number) {
  const buffer = new SharedArrayBuffer(4 * layoutOf(capacity, place).words)
  announce(new Int32Array(buffer))
  const threads = Array.from({ length: count }, (_, i) => new Thread(i + 1))
  const codec = spread(bytes(100), place)
  return threads.map((thread) => ({ thread, ch: new SharedChannel(codec, capacity, { buffer, offset: 0 }) }))
}

/** So many places of bytes, all the same number. */
const valueOf = (places: number, of: number) => new Uint8Array(place * places - 4).fill(of)

/** Typed as the steps of a simulated thread. */
const joined = (goroutine: Goroutine): Steps => goroutine as unknown as Steps

/** Producer i sends values of `sizes[i]` places; the last one to end closes; consumers receive, one or two at a time, until the end. */
function* producing(capacity: number, sizes: ReadonlyArray<ReadonlyArray<number>>, consumers: number): Steps {
  const all = channels(capacity, sizes.length + consumers)
  const received: Array<Array<Uint8Array>> = []
  let left = sizes.length
  const goroutines = all.map(({ ch, thread }, i) =>
    thread.start(i < sizes.length ? "producer" : "consumer", function* () {
      if (i < sizes.length) {
        for (const [k, places] of sizes[i]!.entries()) yield* thread.commit(yield* ch.send(valueOf(places, 10 * i + k)))
        if (--left === 0) yield* ch.close()
        return
      }
      const own: Array<Uint8Array> = []
      received.push(own)
      for (let most = 1; ; most = 3 - most) {
        const values: Array<Uint8Array> = yield* thread.commit(ch.receiveUpTo(most))
        if (values.length === 0) return
        own.push(...values)
      }
    }),
  )
  for (const goroutine of goroutines) yield* joined(goroutine)
  const sent = sizes.flatMap((ofOne, i) => ofOne.map((places, k) => valueOf(places, 10 * i + k)))
  expect(received.flat().toSorted((a, b) => a[0]! - b[0]!)).toEqual(sent)
  for (const own of received)
    for (let producer = 0; producer < sizes.length; producer++) {
      const of = own.map((value) => value[0]!).filter((value) => Math.floor(value / 10) === producer)
      expect(of).toEqual(of.toSorted((a, b) => a - b))
    }
}

/** A large value waits, before a small one of its thread, and is withdrawn at any moment: the small ones are sent. */
function* crowding(): Steps {
  const [one, two, three] = channels(5, 3)
  const sending = ({ ch, thread }: NonNullable<typeof one>, places: number, of: number) =>
    thread.start("sender", function* () {
      yield* thread.commit(yield* ch.send(valueOf(places, of)))
    })
  yield* joined(sending(three!, 3, 1))
  const large = sending(one!, 4, 2)
  const small = [sending(one!, 1, 3), sending(two!, 1, 4)]
  yield* joined(one!.thread.interrupt(large))
  for (const goroutine of small) yield* joined(goroutine)
  const received: Array<number> = []
  const receiver = three!.thread.start("receiver", function* () {
    while (received.length < 3)
      for (const [first] of yield* three!.thread.commit<Array<Uint8Array>>(three!.ch.receiveUpTo(2)))
        received.push(first!)
  })
  yield* joined(receiver)
  expect(received.toSorted()).toEqual([1, 3, 4])
  expect(three!.ch.length).toBe(0)
}

/** Room for a small value, beside a large one for which there is none: whoever waits with the small one sends it. */
function* squeezing(): Steps {
  const [one, two, three] = channels(4, 3)
  yield* joined(
    three!.thread.start("fills", function* () {
      for (const of of [1, 2]) yield* three!.thread.commit(yield* three!.ch.send(valueOf(2, of)))
    }),
  )
  const [large, small] = [one!, two!].map(({ ch, thread }, i) =>
    thread.start("sender", function* () {
      yield* thread.commit(yield* ch.send(valueOf(i === 0 ? 4 : 1, 3 + i)))
    }),
  )
  yield* joined(
    three!.thread.start("receiver", function* () {
      yield* three!.thread.commit(three!.ch.receiveUpTo(1))
    }),
  )
  yield* joined(small!)
  yield* waitIdle()
  expect([large!.status === "done", three!.ch.length]).toEqual([false, 3])
  yield* joined(one!.thread.interrupt(large!))
}

/** One who sends or receives values of several places is killed amid that: the others' values arrive whole. */
function* dying(sends: boolean): Steps {
  const [mortal, other, third] = channels(6, 3)
  const sending = ({ ch, thread }: NonNullable<typeof one>, ...values: ReadonlyArray<Uint8Array>) =>
    thread.start("sender", function* () {
      for (const value of values) yield* thread.commit(yield* ch.send(value))
    })
  const one = mortal!
  const [a, b, c, d] = [2, 3, 1, 4].map((places, i) => valueOf(places, 10 + i)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ]
  if (sends) sending(one, valueOf(3, 1), valueOf(2, 2))
  else {
    one.thread.start("receiver", function* () {
      for (;;) yield* one.thread.commit(one.ch.receiveUpTo(1))
    })
  }
  const survivor = sending(other!, a, b, c, d)
  yield* untilClaiming(one)
  one.thread.kill()
  yield* mourning(third!, 1)
  const received: Array<Uint8Array> = []
  const receiver = third!.thread.start("receiver", function* () {
    for (;;) {
      const values: Array<Uint8Array> = yield* third!.thread.commit(third!.ch.receiveUpTo(2))
      if (values.length === 0) return
      received.push(...values)
    }
  })
  yield* joined(survivor)
  yield* joined(other!.thread.start("closes", () => other!.ch.close()))
  yield* joined(receiver)
  const ofSurvivor = received.filter(([first]) => first! >= 10)
  expect(ofSurvivor).toEqual([a, b, c, d].slice(sends ? 0 : 4 - ofSurvivor.length))
  const ofMortal = received.filter(([first]) => first! < 10)
  expect(ofMortal).toEqual([valueOf(3, 1), valueOf(2, 2)].slice(0, ofMortal.length))
}

describe("values spread over places, access by access", () => {
  it.each([
    ["a producer and a consumer", () => producing(3, [[2, 3, 1]], 1)],
    ["2 producers, one value each", () => producing(2, [[2], [1]], 1)],
  ] as const)("in all schedules with at most 1 preemption: %s", async (_, program) => {
    expect(await explore.check({ preemptions: 1 }, program)).toMatchObject({ complete: true })
  })

  describe.each(["random", "pct"] as const)("in many schedules: %s", (strategy) => {
    it.each([
      [
        "2 producers and 2 consumers, 3 places",
        () =>
          producing(
            3,
            [
              [1, 3, 2, 1],
              [2, 2, 3],
            ],
            2,
          ),
      ],
      [
        "2 producers and 2 consumers, 4 places",
        () =>
          producing(
            4,
            [
              [4, 1, 3, 1],
              [2, 4, 1],
            ],
            2,
          ),
      ],
      ["a large value is withdrawn before small ones", crowding],
      ["a small value beside a large one", squeezing],
    ] as const)("%s", async (_, program) => {
      await explore.check({ strategy, schedules: schedules(1000) }, program)
    })

    it.each([
      ["sends", true],
      ["receives", false],
    ] as const)("one who %s dies", async (_, sends) => {
      await explore.check({ strategy, schedules: schedules(500), leaks: "cancel" }, () => dying(sends))
    })
  })
})
