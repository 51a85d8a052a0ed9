/** merge, fanOut and broadcast in every schedule of small programs. */
import { broadcast, chan, type Channel, fanOut, type Flow, map, merge, type Receiver } from "@weft/channels"
import { failure, go, type Goroutine, type Yieldable } from "@weft/core"
import { waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { flow } from "../../src/flow.ts"
import { everySchedule, type Program } from "../support/every-schedule.ts"
import { channelOf } from "../support/flow-laws.ts"
import { ascending } from "../support/numbers.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits, sound } from "../support/sound.ts"

/** A channel with these values in it, closed: a search would only multiply with somebody who sends them. */
function filled(values: ReadonlyArray<number>): Channel<number> {
  const ch = sound(chan<number>(values.length))
  for (const value of values) ch.trySend(value)
  ch.close()
  return ch
}

/** What has been taken out of a channel that had these values in it. */
const takenFrom = (ch: Channel<number>, values: ReadonlyArray<number>): ReadonlyArray<number> =>
  values.slice(0, values.length - ch.length)

/** Puts what comes into `into`, until the end. */
const gathering = (from: Receiver<number>, into: Array<number>): Goroutine<void> =>
  go.named("receiver", function* () {
    yield* from.forEach((value) => into.push(value))
  })

type MergeOf = (...from: ReadonlyArray<Receiver<number>>) => Flow<number>
const merged: MergeOf = (...from) => merge(...from)

const mergesAll = (mergeOf: MergeOf): Program<string> =>
  function* () {
    const [a, b] = [filled([1, 2]), filled([3])]
    const both = mergeOf(a, b)
    const received: Array<number> = []
    yield* both.forEach((value) => received.push(value))
    yield* both.goroutine
    expectNobodyWaits(a, b, channelOf(both))
    return received.join("")
  }

const stoppedMerge = (mergeOf: MergeOf): Program<string> =>
  function* () {
    const [a, b] = [filled([1]), filled([2])]
    const both = mergeOf(a, b)
    const received: Array<number> = []
    const receiver = gathering(both, received)
    go(function* () {
      both.stop()
    })
    yield* waitIdle()
    expect([receiver.status, both.goroutine.status]).toEqual(["done", "done"])
    expectNobodyWaits(a, b, channelOf(both))
    const taken = [...takenFrom(a, [1]), ...takenFrom(b, [2])]
    expect(taken).toEqual(expect.arrayContaining(received))
    expect(taken.length - received.length).toBeLessThanOrEqual(1)
    return `taken ${taken.join("")} received ${ascending(received).join("")}`
  }

describe("merge", () => {
  it("brings all values in any order that keeps each source's, then ends", async () => {
    const { answers, schedules } = await everySchedule(mergesAll(merged))
    expect(answers).toEqual(["123", "132", "312"])
    expect(schedules).toBe(160)
  })

  it("has one value in hand at most, of whichever source, when it is stopped at any step", async () => {
    const { answers, schedules } = await everySchedule(stoppedMerge(merged))
    expect(answers).toEqual([
      "taken  received ",
      "taken 1 received ",
      "taken 1 received 1",
      "taken 12 received 1",
      "taken 12 received 12",
      "taken 12 received 2",
      "taken 2 received ",
      "taken 2 received 2",
    ])
    expect(schedules).toBe(552)
  })

  it("fails with the first failure of any, after what came before, and stops the flows among the others", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const [a, b] = [filled([1]), filled([2])]
      const failing = map(a, (): number => {
        throw failure("broken")
      })
      const other = map(b, (value) => value)
      const both = merge<number, unknown>(failing, other)
      const error = go(function* () {
        try {
          yield* both.forEach(() => undefined)
        } catch (error) {
          return error
        }
        return undefined
      })
      expect(yield* error).toBe("broken")
      yield* waitIdle()
      expect([failing.goroutine.status, other.goroutine.status]).toEqual(["done", "done"])
      expectNobodyWaits(a, b, channelOf(failing), channelOf(other), channelOf(both))
      expect(yield* thrownBy(both.receive())).toBe("broken")
    })
    expect(answers).toEqual([])
    expect(schedules).toBe(1425)
  })
})

type FanOutOf = (from: Receiver<number>) => ReadonlyArray<Flow<number>>
const dealtToTwo: FanOutOf = (from) => fanOut(from, 2)

const dealsAll = (fanOutOf: FanOutOf): Program<string> =>
  function* () {
    const from = filled([1, 2])
    const shares: ReadonlyArray<Array<number>> = [[], []]
    const flows = fanOutOf(from)
    const receivers = flows.map((each, i) => gathering(each, shares[i]!))
    for (const receiver of receivers) yield* receiver
    yield* flows[0]!.goroutine
    expectNobodyWaits(from, ...flows.map(channelOf))
    return shares.map((share) => share.join("")).join()
  }

/** One of the two is stopped at any step: the other gets what that one has not got. */
const oneIsStopped = (fanOutOf: FanOutOf): Program<string> =>
  function* () {
    const from = filled([1, 2])
    const shares: ReadonlyArray<Array<number>> = [[], []]
    const flows = fanOutOf(from)
    const receivers = flows.map((each, i) => gathering(each, shares[i]!))
    go(function* () {
      flows[0]!.stop()
    })
    for (const receiver of receivers) yield* receiver
    expect(ascending(shares.flat())).toEqual([1, 2])
    expectNobodyWaits(from, ...flows.map(channelOf))
    return shares.map((share) => share.join("")).join()
  }

describe("fanOut", () => {
  it("gives each value to one of two flows, in order", async () => {
    const { answers, schedules } = await everySchedule(dealsAll(dealtToTwo))
    expect(answers).toEqual([",12", "1,2", "12,", "2,1"])
    expect(schedules).toBe(1248)
  })

  it("gives to the other what it had offered to a flow that is stopped at any step", { tags: "long" }, async () => {
    const { answers, schedules } = await everySchedule(oneIsStopped(dealtToTwo))
    expect(answers).toEqual([",12", "1,2", "12,", "2,1"])
    expect(schedules).toBe(2704)
  })

  it("ends once both are stopped, and has one value in hand at most", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const from = filled([1, 2])
      const received: Array<number> = []
      const flows = fanOut(from, 2)
      const receiver = gathering(flows[0]!, received)
      for (const each of flows) {
        go(function* () {
          each.stop()
        })
      }
      yield* waitIdle()
      expect([receiver.status, flows[0]!.goroutine.status]).toEqual(["done", "done"])
      expectNobodyWaits(from, ...flows.map(channelOf))
      const taken = takenFrom(from, [1, 2])
      expect(received).toEqual(taken.slice(0, received.length))
      expect(taken.length - received.length).toBeLessThanOrEqual(1)
      return `taken ${taken.join("")} received ${received.join("")}`
    })
    expect(answers).toEqual([
      "taken  received ",
      "taken 1 received ",
      "taken 1 received 1",
      "taken 12 received 1",
      "taken 12 received 12",
    ])
    expect(schedules).toBe(2620)
  })
})

interface Broadcasting {
  readonly goroutine: Goroutine<unknown>
  subscribe(): Flow<number>
  stop(): void
}
type BroadcastOf = (from: Receiver<number>) => Broadcasting

const tellsAll = (broadcastOf: BroadcastOf): Program<string> =>
  function* () {
    const from = filled([1, 2])
    const told = broadcastOf(from)
    const shares: ReadonlyArray<Array<number>> = [[], []]
    const flows = shares.map(() => told.subscribe())
    const receivers = flows.map((each, i) => gathering(each, shares[i]!))
    for (const receiver of receivers) yield* receiver
    yield* told.goroutine
    expectNobodyWaits(from, ...flows.map(channelOf))
    return shares.map((share) => share.join("")).join()
  }

/** One of two subscribers leaves at any step: the other gets everything. */
const oneLeaves = (broadcastOf: BroadcastOf): Program<string> =>
  function* () {
    const from = filled([1, 2])
    const told = broadcastOf(from)
    const shares: ReadonlyArray<Array<number>> = [[], []]
    const flows = shares.map(() => told.subscribe())
    const receivers = flows.map((each, i) => gathering(each, shares[i]!))
    go(function* () {
      flows[0]!.stop()
    })
    for (const receiver of receivers) yield* receiver
    yield* told.goroutine
    expectNobodyWaits(from, ...flows.map(channelOf))
    expect(shares[1]).toEqual([1, 2])
    return shares[0]!.join("")
  }

describe("broadcast", () => {
  it("gives every value to every subscriber, in order, then ends", { tags: "long" }, async () => {
    const { answers, schedules } = await everySchedule(tellsAll(broadcast))
    expect(answers).toEqual(["12,12"])
    expect(schedules).toBe(5184)
  })

  it("goes on for the others when a subscriber leaves at any step", { tags: "long" }, async () => {
    const { answers, schedules } = await everySchedule(oneLeaves(broadcast))
    expect(answers).toEqual(["", "1", "12"])
    expect(schedules).toBe(6136)
  })

  it("gives to who subscribes at any step what comes from then on", { tags: "long" }, async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const from = filled([1, 2])
      const told = broadcast(from)
      const [early, late]: ReadonlyArray<Array<number>> = [[], []]
      const first = told.subscribe()
      const second = go(function* () {
        yield* told.subscribe().forEach((value) => late!.push(value))
      })
      yield* first.forEach((value) => early!.push(value))
      yield* second
      yield* told.goroutine
      expect(early).toEqual([1, 2])
      expectNobodyWaits(from)
      return late!.join("")
    })
    expect(answers).toEqual(["", "12", "2"])
    expect(schedules).toBe(8428)
  })

  it("keeps a value in hand until somebody subscribes, and takes no other meanwhile", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const from = filled([1, 2])
      const told = broadcast(from)
      yield* waitIdle()
      expect(from.length).toBe(1)
      const received: Array<number> = []
      yield* told.subscribe().forEach((value) => received.push(value))
      expectNobodyWaits(from)
      return received.join("")
    })
    expect(answers).toEqual(["12"])
    expect(schedules).toBe(8)
  })

  it(
    "ends all subscriptions when it is stopped at any step, and drops what it has in hand",
    { tags: "long" },
    async () => {
      const { answers, schedules } = await everySchedule(function* () {
        const from = filled([1])
        const told = broadcast(from)
        const shares: ReadonlyArray<Array<number>> = [[], []]
        const flows = shares.map(() => told.subscribe())
        const receivers = flows.map((each, i) => gathering(each, shares[i]!))
        go(function* () {
          told.stop()
        })
        yield* waitIdle()
        expect([...receivers, told.goroutine].map(({ status }) => status)).toEqual(["done", "done", "done"])
        expectNobodyWaits(from, ...flows.map(channelOf))
        const taken = takenFrom(from, [1])
        for (const share of shares) {
          expect(share).toEqual(taken.slice(0, share.length))
          expect(taken.length - share.length).toBeLessThanOrEqual(1)
        }
        return `taken ${taken.join("")} received ${shares.map((share) => share.join("")).join()}`
      })
      expect(answers).toEqual([
        "taken  received ,",
        "taken 1 received ,",
        "taken 1 received ,1",
        "taken 1 received 1,",
        "taken 1 received 1,1",
      ])
      expect(schedules).toBe(2482)
    },
  )
})

/** Swaps two values of one source. */
const swapping: MergeOf = (...from) =>
  flow(from, 0, function* (out) {
    for (const each of from) {
      const [first, second] = [yield* each.next(), yield* each.next()]
      if (second.ok) yield* out.send(second.value)
      if (first.ok) yield* out.send(first.value)
    }
  })

/** Takes a value of each of its sources before it sends one. */
const greedy: MergeOf = (...from) =>
  flow(from, 0, function* (out) {
    const taken: Array<number> = []
    for (const each of from) {
      const next = yield* each.next()
      if (next.ok) taken.push(next.value)
    }
    for (const value of taken) yield* out.send(value)
  })

/** Forgets the value that it has offered to a flow that was stopped. */
const forgetful: FanOutOf = (from) =>
  [0, 1].map(() =>
    flow([], 0, function* (out) {
      yield* from.forEach(function* (value) {
        yield* out.send(value)
      })
    }),
  )

/** Tells only those who are waiting at the moment. */
function loose(from: Receiver<number>): Broadcasting {
  const outs: Array<Channel<number>> = []
  const feeder = flow([from], 0, function* () {
    yield* from.forEach((value) => {
      for (const out of outs) out.trySend(value)
    })
    for (const out of outs) if (!out.closed) out.close()
  })
  return {
    goroutine: feeder.goroutine,
    subscribe() {
      const out = chan<number>()
      outs.push(out)
      const { goroutine } = feeder
      return Object.assign(out, { goroutine, stop: () => out.close(), [Symbol.dispose]: () => undefined })
    },
    stop: () => feeder.stop(),
  }
}

const expecting = (program: Program<string>, right: ReadonlyArray<string>): Program =>
  function* (): Generator<Yieldable, void, never> {
    expect(right).toContain(yield* program())
  }

describe("a search finds", () => {
  it.each([
    ["a merge that swaps two values", expecting(mergesAll(swapping), ["123", "132", "312"])],
    ["a merge that has two values in hand", stoppedMerge(greedy)],
    ["a fan-out that loses what a stopped flow had been offered", oneIsStopped(forgetful)],
    ["a broadcast that does not wait for its subscribers", expecting(tellsAll(loose), ["12,12"])],
  ] as const)("%s", async (_, program) => {
    expect(await plantedBug(program)).toBe("AssertionError")
  })
})
