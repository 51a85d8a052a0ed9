/** batch, debounce and throttle in every schedule of small programs. A clock that races lets time pass while goroutines could run. */
import { batch, chan, type Channel, debounce, type Flow, type Receiver, throttle } from "@weft/channels"
import { currentProcessor, go, sleep } from "@weft/core"
import { type ExploreOptions, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { flow } from "../../src/flow.ts"
import { everySchedule, type Program } from "../support/every-schedule.ts"
import { arrives, channelOf, ended, receiverCancelled } from "../support/flow-laws.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits, sound } from "../support/sound.ts"

const racing: ExploreOptions = { shares: "ops", clock: "races" }
const now = (): number => currentProcessor().clock.now()
/** A timer stands in the heap only while somebody waits for it: a clock that races needs one, to go on to. */
const timePasses = () => go(sleep(10))

/** A channel into which somebody sends each value at its time, and which he then closes. */
function timed(values: ReadonlyArray<readonly [at: number, value: number]>): Channel<number> {
  const ch = sound(chan<number>())
  go.named("sender", function* () {
    for (const [at, value] of values) {
      yield* sleep(at - now())
      yield* ch.send(value)
    }
    ch.close()
  })
  return ch
}

/** All that comes, with its time. */
function* gathered<T>(from: Flow<T>) {
  const all: Array<string> = []
  yield* from.forEach((value) => all.push(`${String(value)} at ${now()}`))
  yield* from.goroutine
  expectNobodyWaits(channelOf(from))
  expect(currentProcessor().timers.size).toBe(0)
  return all.join("; ")
}

type BatchOf = (from: Receiver<number>) => Flow<Array<number>>
const inTwos: BatchOf = (from) => batch(from, 2, 10)

/** However late or early the time is over: all values, in order, in batches that are neither empty nor too large. */
const batchesAll = (batchOf: BatchOf): Program<string> =>
  function* () {
    const from = sound(chan<number>(3))
    for (const value of [1, 2, 3]) from.trySend(value)
    from.close()
    const passing = timePasses()
    const batches = batchOf(from)
    const all: Array<ReadonlyArray<number>> = []
    yield* batches.forEach((values) => all.push(values))
    expect(all.flat()).toEqual([1, 2, 3])
    expect(all.map(({ length }) => length).filter((n) => n < 1 || n > 2)).toEqual([])
    yield* passing
    expectNobodyWaits(from, channelOf(batches))
    return all.map((values) => values.join("")).join()
  }

describe("batch", () => {
  it("loses nothing and keeps the order, and no batch is empty or too large, whenever its time is over", async () => {
    const { answers, schedules } = await everySchedule(batchesAll(inTwos), racing)
    expect(answers).toEqual(["1,23", "12,3"])
    expect(schedules).toBe(1248)
  })

  it("is sent when its time is over, before who wakes at that instant can add to it", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      return yield* gathered(
        inTwos(
          timed([
            [0, 1],
            [10, 2],
            [15, 3],
            [20, 4],
          ]),
        ),
      )
    })
    expect(answers).toEqual(["1 at 10; 2,3 at 15; 4 at 20"])
    expect(schedules).toBe(128)
  })

  it("drops the batch that it gathers, and nothing else, when it is stopped at any step", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const from = sound(chan<number>(3))
      for (const value of [1, 2, 3]) from.trySend(value)
      const batches = inTwos(from)
      const received: Array<number> = []
      const receiver = go(function* () {
        yield* batches.forEach((values) => received.push(...values))
      })
      go(function* () {
        batches.stop()
      })
      yield* waitIdle()
      expect([receiver.status, batches.goroutine.status]).toEqual(["done", "done"])
      expectNobodyWaits(from, channelOf(batches))
      expect(currentProcessor().timers.size).toBe(0)
      return `taken ${3 - from.length} received ${received.length}`
    })
    expect(answers).toEqual([
      "taken 0 received 0",
      "taken 1 received 0",
      "taken 2 received 0",
      "taken 2 received 2",
      "taken 3 received 2",
    ])
    expect(schedules).toBe(126)
  })
})

type DebounceOf = (from: Receiver<number>) => Flow<number>
const quietFor10: DebounceOf = (from) => debounce(from, 10)

/** Whatever the clock does: some of the values, in order, and the last of all. */
const keepsTheLast = (debounceOf: DebounceOf): Program<string> =>
  function* () {
    const from = timed([
      [0, 1],
      [0, 2],
    ])
    const received: Array<number> = []
    const quiet = debounceOf(from)
    yield* quiet.forEach((value) => received.push(value))
    expect([[2], [1, 2]]).toContainEqual(received)
    expectNobodyWaits(from, channelOf(quiet))
    return received.join("")
  }

describe("debounce", () => {
  it("brings the last value of all, and of the others those that nothing follows in time", async () => {
    const { answers, schedules } = await everySchedule(keepsTheLast(quietFor10), racing)
    expect(answers).toEqual(["12", "2"])
    expect(schedules).toBe(1952)
  })

  it("brings the last value of each burst once it has been quiet for long enough, and at the end at once", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      return yield* gathered(
        quietFor10(
          timed([
            [0, 1],
            [9, 2],
            [19, 3],
            [20, 4],
          ]),
        ),
      )
    })
    expect(answers).toEqual(["2 at 19; 4 at 20"])
    expect(schedules).toBe(256)
  })

  it("drops what it has in hand, and nothing else, when it is stopped at any step", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const from = sound(chan<number>(1))
      from.trySend(1)
      const quiet = quietFor10(from)
      const received: Array<number> = []
      const receiver = go(function* () {
        yield* quiet.forEach((value) => received.push(value))
      })
      go(function* () {
        quiet.stop()
      })
      yield* receiver
      yield* waitIdle()
      expect(quiet.goroutine.status).toBe("done")
      expectNobodyWaits(from, channelOf(quiet))
      expect(currentProcessor().timers.size).toBe(0)
      return `left ${from.length} received ${received.length}`
    }, racing)
    expect(answers).toEqual(["left 0 received 0", "left 0 received 1", "left 1 received 0"])
    expect(schedules).toBe(405)
  })
})

type ThrottleOf = (from: Receiver<number>) => Flow<number>
const onePer10: ThrottleOf = (from) => throttle(from, 10)

/** However the clock races, no value comes before its time. One that was handed over in time may be seen later, by a slow receiver. */
const keepsApart = (throttleOf: ThrottleOf): Program<string> =>
  function* () {
    const from = sound(chan<number>(3))
    for (const value of [1, 2, 3]) from.trySend(value)
    from.close()
    const apart = throttleOf(from)
    const times: Array<number> = []
    const values: Array<number> = []
    yield* apart.forEach((value) => {
      values.push(value)
      times.push(now())
    })
    expect(values).toEqual([1, 2, 3])
    for (const [i, time] of times.entries()) expect(time).toBeGreaterThanOrEqual(10 * i)
    expectNobodyWaits(from, channelOf(apart))
    return times.join()
  }

describe("throttle", () => {
  it("loses nothing, keeps the order, and keeps the values apart", async () => {
    const { answers, schedules } = await everySchedule(keepsApart(onePer10))
    expect(answers).toEqual(["0,10,20"])
    expect(schedules).toBe(4)
  })

  it("keeps the values apart, however the clock races", async () => {
    const { schedules } = await everySchedule(keepsApart(onePer10), racing)
    expect(schedules).toBe(68)
  })

  it("brings all values in order, then the end", async () => {
    const { answers, schedules } = await everySchedule(arrives(onePer10))
    expect(answers).toEqual(["sent 12 received 12"])
    expect(schedules).toBe(16)
  })

  it("drops what it has in hand, and nothing else, when it is stopped at any step", async () => {
    const { answers, schedules } = await everySchedule(ended(onePer10, "stop"))
    expect(answers).toEqual(["sent  received ", "sent 1 received ", "sent 1 received 1", "sent 12 received 1"])
    expect(schedules).toBe(380)
  })

  it("loses nothing to a receiver that is cancelled at any step", async () => {
    const { answers, schedules } = await everySchedule(receiverCancelled(onePer10))
    expect(answers).toEqual(["0", "1"])
    expect(schedules).toBe(892)
  })
})

/** Forgets the batch whose time is over. */
const forgetfulBatch: BatchOf = (from) =>
  flow([from], 0, function* (out) {
    let values: Array<number> = []
    yield* from.forEach(function* (value) {
      values.push(value)
      if (values.length < 2) return
      yield* out.send(values)
      values = []
    })
  })

/** Brings the first value of a burst. */
const leading: DebounceOf = (from) =>
  flow([from], 0, function* (out) {
    let quietAt = 0
    yield* from.forEach(function* (value) {
      if (now() >= quietAt) yield* out.send(value)
      quietAt = now() + 10
    })
  })

/** Sends at once what has waited for long enough in its source. */
const early: ThrottleOf = (from) =>
  flow([from], 0, function* (out) {
    yield* from.forEach(function* (value) {
      if (value < 3) yield* sleep(10 * (value - 1))
      yield* out.send(value)
    })
  })

describe("a search finds", () => {
  it.each([
    ["a batch that forgets its last values", batchesAll(forgetfulBatch)],
    ["a debounce that brings the first of a burst", keepsTheLast(leading)],
    ["a throttle that lets two values come together", keepsApart(early)],
  ] as const)("%s", async (_, program) => {
    expect(await plantedBug(program, racing)).toBe("AssertionError")
  })
})
