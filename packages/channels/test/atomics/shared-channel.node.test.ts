/** The shared channel's own source under the interleavings of its atomic accesses. */
import { gosched } from "@weft/core"
import { explore, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { schedules } from "../../../core/test/support/soak.ts"
import { Signal } from "../../../core/test/support/stepping.node.ts"
import * as receive from "../../src/receive.ts"
import { mourning, untilClaiming } from "./dying.node.ts"
import { channels, joined, type OfThread, receiving, type Steps } from "./support.node.ts"

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

/** One thread sends so many values, another one receives as many. */
function* carrying(capacity: number, values: number): Steps {
  const [one, two] = channels(capacity, 2)
  const all = Array.from({ length: values }, (_, k) => k)
  const received: Array<unknown> = []
  const goroutines = [
    one!.thread.start("sender", function* () {
      for (const value of all) yield* one!.thread.commit(yield* one!.ch.send(value))
    }),
    two!.thread.start("receiver", function* () {
      while (received.length < values) received.push(yield* two!.thread.commit(receiving(two!.ch)))
    }),
  ]
  for (const goroutine of goroutines) yield* joined(goroutine)
  expect(received).toEqual(all)
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

/** Batches of all sizes and single values, round the ring several times: what is said of a run of slots must not outlive it. */
function* mixing(capacity: number, producers: number, consumers: number): Steps {
  const all = channels(capacity, producers + consumers)
  const received: Array<Array<number>> = []
  let left = producers
  const goroutines = all.map(({ ch, thread }, i) =>
    thread.start(i < producers ? "producer" : "consumer", function* () {
      if (i < producers) {
        const [a, b, c, d, e, f, g] = Array.from({ length: 7 }, (_, k) => 10 * i + k) as [
          number,
          number,
          number,
          number,
          number,
          number,
          number,
        ]
        yield* ch.sendAll([a, b, c])
        yield* thread.commit(yield* ch.send(d))
        yield* ch.sendAll([e, f])
        yield* thread.commit(yield* ch.send(g))
        if (--left === 0) yield* ch.close()
        return
      }
      const own: Array<number> = []
      received.push(own)
      for (let most = 1; ; most = 1 + (most % 3)) {
        const values: Array<number> = yield* thread.commit(ch.receiveUpTo(most))
        if (values.length === 0) return
        own.push(...values)
        const value = yield* thread.commit(receiving(ch))
        if (value === receive.Ended) return
        own.push(value as number)
      }
    }),
  )
  for (const goroutine of goroutines) yield* joined(goroutine)
  const sent = Array.from({ length: producers * 7 }, (_, n) => 10 * Math.floor(n / 7) + (n % 7))
  expect(received.flat().toSorted((a, b) => a - b)).toEqual(sent)
  for (const own of received)
    for (let producer = 0; producer < producers; producer++) {
      const of = own.filter((value) => Math.floor(value / 10) === producer)
      expect(of).toEqual(of.toSorted((a, b) => a - b))
    }
}

/** One sends while another of its thread may wait to: then it comes behind, whatever has been received meanwhile. */
function* queueing(how: "trySend" | "sendAll"): Steps {
  const [one, two] = channels(1, 2)
  const received: Array<number> = []
  const second = { isBehind: false, isSent: true }
  const goroutines = [
    one!.thread.start("first", function* () {
      for (const value of [0, 1]) yield* one!.thread.commit(yield* one!.ch.send(value))
    }),
    one!.thread.start("second", function* () {
      second.isBehind = !one!.ch.ring.senders.waiters.isEmpty
      if (how === "trySend") second.isSent = yield* one!.ch.trySend(2)
      else yield* one!.ch.sendAll([2])
    }),
    two!.thread.start("receiver", function* () {
      for (let n = 0; n < 2; n++) received.push(yield* two!.thread.commit(receiving(two!.ch)))
    }),
  ]
  for (const goroutine of goroutines) yield* joined(goroutine)
  const last = two!.thread.start("receiver", function* () {
    if (second.isSent) received.push(yield* two!.thread.commit(receiving(two!.ch)))
  })
  yield* joined(last)
  expect(received.toSorted()).toEqual(second.isSent ? [0, 1, 2] : [0, 1])
  if (second.isBehind && second.isSent) expect(received).toEqual([0, 1, 2])
}

/** A receiver and a sender are interrupted at any moment: what was sent is received or still there. */
function* withdrawing(capacity: number): Steps {
  const [one, two, three] = channels(capacity, 3)
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

/** A select that sends or receives on one channel, or on something that comes at any moment, beside one that receives or sends: both agree. */
function* selecting(sends: boolean, goesOn: boolean): Steps {
  const [one, two] = channels(0, 2)
  const late = new Signal()
  const outcomes: Array<number> = []
  const received: Array<unknown> = []
  const goroutines = [
    one!.thread.start("selects", function* () {
      const op = sends ? yield* one!.ch.send(1) : receiving(one!.ch)
      const { index, value } = yield* one!.thread.select(op, late.given)
      outcomes.push(index)
      if (!sends && index === 0) received.push(value)
    }),
    one!.thread.start("ends", () => late.give()),
  ]
  const other = two!.thread.start(sends ? "receiver" : "sender", function* () {
    if (sends) received.push(yield* two!.thread.commit(receiving(two!.ch)))
    else yield* two!.thread.commit(yield* two!.ch.send(1))
  })
  for (const goroutine of goroutines) yield* joined(goroutine)
  yield* waitIdle()
  expect(received).toEqual(outcomes[0] === 0 ? [1] : [])
  expect(other.status === "done").toBe(outcomes[0] === 0)
  yield* joined(two!.thread.interrupt(other))
  if (goesOn) yield* handingOver(one!, two!)
}

/** More senders than can offer, some of them withdrawn at any moment, and a receiver: the others' values arrive. */
function* crowding(): Steps {
  const [one, two, three] = channels(0, 3)
  const sending = (of: OfThread, value: number) =>
    of.thread.start("sender", function* () {
      yield* of.thread.commit(yield* of.ch.send(value))
      return value
    })
  const senders = [1, 2, 3, 4, 5, 6].map((value) => sending(value % 2 === 0 ? one! : two!, value))
  const victims = senders.slice(0, 4)
  const received: Array<number> = []
  const receiver = three!.thread.start("receiver", function* () {
    for (;;) {
      const value = yield* three!.thread.commit<number>(receiving(three!.ch))
      received.push(value)
    }
  })
  const interrupters = victims.map((victim, i) => (i % 2 === 0 ? two! : one!).thread.interrupt(victim))
  for (const goroutine of [...interrupters, ...senders]) yield* joined(goroutine)
  yield* waitIdle()
  expect(received).toEqual(expect.arrayContaining([5, 6]))
  expect(new Set(received).size).toBe(received.length)
  yield* joined(three!.thread.interrupt(receiver))
}

/** A select that sends and receives on one channel never meets itself, and meets another such. */
function* meeting(): Steps {
  const all = channels(0, 2)
  const hits: Array<{ readonly index: number; readonly value: unknown }> = []
  const goroutines = all.map(({ ch, thread }, i) =>
    thread.start("selects", function* () {
      hits.push(yield* thread.select(yield* ch.send(i), receiving(ch)))
    }),
  )
  for (const goroutine of goroutines) yield* joined(goroutine)
  expect(hits.map(({ index }) => index).toSorted()).toEqual([0, 1])
}

/** What was withdrawn is in nobody's way. */
function* handingOver(one: OfThread, two: OfThread): Steps {
  const sender = two.thread.start("sender", function* () {
    yield* two.thread.commit(yield* two.ch.send(2))
  })
  let received: unknown
  const receiver = one.thread.start("receiver", function* () {
    received = yield* one.thread.commit(receiving(one.ch))
  })
  yield* joined(sender)
  yield* joined(receiver)
  expect(received).toBe(2)
}

/** Two selects of two threads, of which each sends on one channel and receives on the other: one exchange, or two. */
function* exchanging(): Steps {
  const ab = channels(0, 2)
  const ba = channels(
    0,
    2,
    ab.map(({ thread }) => thread),
  )
  const received: Array<unknown> = []
  const sent: Array<number> = []
  const goroutines = [0, 1].map((i) => {
    const [out, back] = i === 0 ? [ab[0]!, ba[0]!] : [ba[1]!, ab[1]!]
    const { thread } = out
    return thread.start("selects", function* () {
      const { index, value } = yield* thread.select(yield* out.ch.send(i + 1), receiving(back.ch))
      if (index === 0) sent.push(i + 1)
      else received.push(value)
    })
  })
  for (const goroutine of goroutines) yield* joined(goroutine)
  expect(received).toEqual(sent)
}

/**
 * A thread is killed at any moment while it sends, one by one or many at a time, beside another one that sends: what that sends arrives, and of
 * the killed one's what it knows to be sent, in order, and at most one send more.
 */
function* dyingSender(capacity: number, isMany: boolean): Steps {
  const [mortal, other, receiver] = channels(capacity, 3)
  let known = 0
  mortal!.thread.start("mortal", function* () {
    if (isMany) yield* mortal!.ch.sendAll([10, 11])
    else for (; known < 2; known++) yield* mortal!.thread.commit(yield* mortal!.ch.send(10 + known))
  })
  const received: Array<number> = []
  const receiving_ = receiver!.thread.start("receiver", () => receivingAll(receiver!, received))
  const sending = other!.thread.start("other", function* () {
    for (const value of [20, 21]) yield* other!.thread.commit(yield* other!.ch.send(value))
  })
  yield* untilClaiming(mortal!)
  mortal!.thread.kill()
  yield* mourning(receiver!, 1)
  yield* joined(sending)
  yield* joined(other!.thread.start("closes", () => other!.ch.close()))
  yield* joined(receiving_)
  expect(received.filter((value) => value >= 20)).toEqual([20, 21])
  const ofMortal = received.filter((value) => value < 20)
  expect(ofMortal).toEqual(isMany && ofMortal.length === 1 ? [expect.any(Number)] : [10, 11].slice(0, ofMortal.length))
  expect(ofMortal.length).toBeGreaterThanOrEqual(known)
}

function* receivingAll({ ch, thread }: OfThread, received: Array<number>): Steps {
  for (;;) {
    const value = yield* thread.commit(receiving(ch))
    if (value === receive.Ended) return
    received.push(value as number)
  }
}

/** A thread is killed at any moment while it receives, beside another one: nothing is lost but what it took, and nothing comes twice. */
function* dyingReceiver(capacity: number, most: number, isSentMany = most > 1): Steps {
  const [mortal, other, sender] = channels(capacity, 3)
  const values = [1, 2, 3, 4, 5, 6]
  const byMortal: Array<number> = []
  mortal!.thread.start("mortal", function* () {
    if (most === 1) return yield* receivingAll(mortal!, byMortal)
    for (;;) byMortal.push(...(yield* mortal!.thread.commit<Array<number>>(mortal!.ch.receiveUpTo(most))))
  })
  const received: Array<number> = []
  const receivingRest = () => other!.thread.start("receiver", () => receivingAll(other!, received))
  // Later, a batch goes on as far as what the killed thread has left lets it.
  const early = isSentMany ? undefined : receivingRest()
  const sending = sender!.thread.start("sender", function* () {
    if (!isSentMany) for (const value of values) yield* sender!.thread.commit(yield* sender!.ch.send(value))
    else for (const i of [0, 3]) yield* sender!.ch.sendAll(values.slice(i, i + 3))
  })
  yield* untilClaiming(mortal!)
  mortal!.thread.kill()
  yield* mourning(other!, 1)
  if (isSentMany) yield* waitIdle()
  const rest = early ?? receivingRest()
  yield* joined(sending)
  yield* joined(sender!.thread.start("closes", () => sender!.ch.close()))
  yield* joined(rest)
  expect(received).toEqual(received.toSorted())
  const all = [...byMortal, ...received]
  expect(new Set(all).size).toBe(all.length)
  expect(all.length).toBeGreaterThanOrEqual(values.length - most)
}

/** Who mends what another thread has left half done is killed in the middle of that, and of its own send: a third one mends all. */
function* dyingMender(capacity: number): Steps {
  const [mortal, mender, other] = channels(capacity, 3)
  mortal!.thread.start("mortal", function* () {
    for (const value of [10, 11]) yield* mortal!.thread.commit(yield* mortal!.ch.send(value))
  })
  yield* untilClaiming(mortal!)
  mortal!.thread.kill()
  mender!.thread.start("mender", function* () {
    const { left } = yield* mender!.ch.ring.claims.mourn(1)
    yield* mender!.ch.ring.claims.mend(left)
    yield* mender!.thread.commit(yield* mender!.ch.send(20))
  })
  const received: Array<number> = []
  const receiving_ = other!.thread.start("receiver", () => receivingAll(other!, received))
  yield* untilClaiming(mender!)
  mender!.thread.kill()
  yield* mourning(other!, 2, 1)
  const sending = other!.thread.start("sender", function* () {
    yield* other!.thread.commit(yield* other!.ch.send(30))
    yield* other!.ch.close()
  })
  yield* joined(sending)
  yield* joined(receiving_)
  expect(received.filter((value) => value < 20)).toEqual([10, 11].slice(0, received.filter((v) => v < 20).length))
  expect(received.at(-1)).toBe(30)
  expect(new Set(received).size).toBe(received.length)
}

/** Of what a killed sender has left another thread is killed that receives. */
function* dyingBoth(capacity: number): Steps {
  const [mortal, second, other] = channels(capacity, 3)
  mortal!.thread.start("mortal", function* () {
    for (const value of [10, 11]) yield* mortal!.thread.commit(yield* mortal!.ch.send(value))
  })
  yield* untilClaiming(mortal!)
  mortal!.thread.kill()
  yield* mourning(other!, 1)
  const bySecond: Array<number> = []
  second!.thread.start("second", () => receivingAll(second!, bySecond))
  yield* untilClaiming(second!)
  second!.thread.kill()
  yield* mourning(other!, 2)
  const received: Array<number> = []
  const receiving_ = other!.thread.start("receiver", () => receivingAll(other!, received))
  const sending = other!.thread.start("sender", function* () {
    for (const value of [20, 21, 22, 23]) yield* other!.thread.commit(yield* other!.ch.send(value))
    yield* other!.ch.close()
  })
  yield* joined(sending)
  yield* joined(receiving_)
  expect(received.filter((value) => value >= 20)).toEqual([20, 21, 22, 23])
  const all = [...bySecond, ...received]
  expect(new Set(all).size).toBe(all.length)
}

/** A sender is killed while another one waits for room; a receiver comes after all has been given up, and finds only what the other one sends. */
function* passingOver(): Steps {
  const [mortal, other, receiver] = channels(1, 3)
  mortal!.thread.start("mortal", function* () {
    yield* mortal!.thread.commit(yield* mortal!.ch.send(1))
  })
  yield* untilClaiming(mortal!)
  mortal!.thread.kill()
  const sending = other!.thread.start("other", function* () {
    yield* other!.thread.commit(yield* other!.ch.send(2))
  })
  yield* mourning(receiver!, 1)
  yield* waitIdle()
  const received: Array<unknown> = []
  const receiving_ = receiver!.thread.start("receiver", function* () {
    while (received.at(-1) !== 2) received.push(yield* receiver!.thread.commit(receiving(receiver!.ch)))
  })
  yield* joined(sending)
  yield* joined(receiving_)
}

/** A thread is killed at any moment of its one exchange; another one then exchanges something with itself. */
function* dyingOnce(sends: boolean): Steps {
  const [mortal, other] = channels(2, 2)
  yield* joined(other!.thread.start("sends", () => other!.ch.sendAll([1])))
  mortal!.thread.start("mortal", function* () {
    if (sends) yield* mortal!.thread.commit(yield* mortal!.ch.send(2))
    else yield* mortal!.thread.commit(receiving(mortal!.ch))
  })
  // From here on it may be anywhere.
  yield* gosched()
  mortal!.thread.kill()
  yield* mourning(other!, 1)
  const received: Array<unknown> = []
  const exchanging_ = other!.thread.start("exchanges", function* () {
    for (const value of [3, 4, 5]) {
      while (!(yield* other!.ch.trySend(value))) received.push(yield* other!.thread.commit(receiving(other!.ch)))
      received.push(yield* other!.thread.commit(receiving(other!.ch)))
    }
    yield* other!.ch.close()
    yield* receivingAll(other!, received as Array<number>)
  })
  yield* joined(exchanging_)
  expect(received.slice(-3)).toEqual([3, 4, 5])
  expect(sends ? [[1], [1, 2]] : [[], [1]]).toContainEqual(received.slice(0, -3))
}

describe("a shared channel, access by access", () => {
  const onePreemption = async (_: string, program: () => Steps) => {
    expect(await explore.check({ preemptions: 1 }, program)).toMatchObject({ complete: true })
  }

  it.each([
    ["2 producers and a consumer", () => producing(2, 2, 1, 1)],
    ["a producer and a consumer, in batches", () => batching(2, 1)],
    ["a sender and a receiver are withdrawn", () => withdrawing(1)],
    ["capacity 0: a producer and a consumer, 2 values", () => producing(0, 1, 1, 2)],
  ] as const)("in all schedules with at most 1 preemption: %s", onePreemption)

  it.each([
    ["a producer and a consumer, 3 values", () => producing(1, 1, 1, 3)],
    ["capacity 0: a sender and a receiver are withdrawn", () => withdrawing(0)],
  ] as const)("in all schedules with at most 1 preemption: %s", { tags: "long" }, onePreemption)

  it.each([
    [2, 2, 2857],
    [0, 1, 3464],
  ] as const)(
    "in all schedules with at most 2 preemptions: capacity %d, %d values",
    { tags: "long" },
    async (capacity, values, n) => {
      const search = explore.check({ preemptions: 2, shares: "ops" }, () => carrying(capacity, values))
      expect(await search).toMatchObject({ schedules: n })
    },
  )

  const withDeath = async (_: string, program: () => Steps) => {
    const options = { preemptions: 2, leaks: "cancel", shares: "ops" } as const
    expect(await explore.check(options, program)).toMatchObject({ complete: true })
  }

  it.each([
    ["a sender", () => dyingOnce(true)],
    ["a receiver", () => dyingOnce(false)],
  ] as const)("in all schedules with at most 2 preemptions: %s dies", { tags: "long" }, withDeath)

  it.each(["sends", "receives"])(
    "in all schedules with at most 1 preemption: capacity 0: a select %s",
    { tags: "long" },
    async (what) => {
      const search = explore.check({ preemptions: 1, shares: "ops" }, () => selecting(what === "sends", false))
      expect(await search).toMatchObject({ complete: true })
    },
  )

  describe.each(["random", "pct"] as const)("in many schedules: %s", { tags: "long" }, (strategy) => {
    it.each([
      ["2 producers and 2 consumers, capacity 1", () => producing(1, 2, 2, 3)],
      ["2 producers and 2 consumers, capacity 3", () => producing(3, 2, 2, 4)],
      ["2 consumers, in batches", () => batching(2, 2)],
      ["2 producers and 2 consumers, batches and single values, capacity 4", () => mixing(4, 2, 2)],
      ["2 producers and 2 consumers, batches and single values, capacity 3", () => mixing(3, 2, 2)],
      ["a sender and a receiver are withdrawn", () => withdrawing(1)],
      ["a trySend beside one who may wait to send", () => queueing("trySend")],
      ["a sendAll beside one who may wait to send", () => queueing("sendAll")],
      ["capacity 0: 2 producers and 2 consumers", () => producing(0, 2, 2, 2)],
      ["capacity 0: a sender and a receiver are withdrawn", () => withdrawing(0)],
      ["capacity 0: a select sends", () => selecting(true, true)],
      ["capacity 0: a select receives", () => selecting(false, true)],
      ["capacity 0: two selects exchange", exchanging],
      ["capacity 0: two selects on one channel", meeting],
      ["capacity 0: more senders than can offer", crowding],
    ] as const)("%s", async (_, program) => {
      await explore.check({ strategy, schedules: schedules(1200) }, program)
    })

    it.each([
      ["a sender", () => dyingSender(2, false)],
      ["one who sends many", () => dyingSender(4, true)],
      ["a receiver", () => dyingReceiver(2, 1)],
      ["a receiver of what was sent many at a time", () => dyingReceiver(4, 1, true)],
      ["one who receives many", () => dyingReceiver(4, 2)],
      ["a sender at capacity 0", () => dyingSender(0, false)],
      ["a receiver at capacity 0", () => dyingReceiver(0, 1)],
      ["a sender, and then a receiver", () => dyingBoth(2)],
      ["a sender, and then a receiver at capacity 0", () => dyingBoth(0)],
      ["a sender before one who waits", passingOver],
      ["who mends", () => dyingMender(2)],
      ["who mends at capacity 0", () => dyingMender(0)],
    ] as const)("%s dies", async (_, program) => {
      await explore.check({ strategy, schedules: schedules(500), leaks: "cancel" }, program)
    })
  })
})
