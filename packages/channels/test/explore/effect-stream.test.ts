/** toStream and fromStream in every schedule of small programs. */
import { chan, type Flow, fromStream, type Receiver, toStream } from "@weft/channels"
import { go, gosched } from "@weft/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { flow } from "../../src/flow.ts"
import { everySchedule, type Program } from "../support/every-schedule.ts"
import { channelOf } from "../support/flow-laws.ts"
import { Ledger } from "../support/ledger.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits, sound } from "../support/sound.ts"

type ToStream = (from: Receiver<number>) => Stream.Stream<number>

/** A stream that is interrupted at any step: what it has not emitted is still to be received. */
const interrupted = (streamOf: ToStream): Program<string> =>
  function* () {
    const from = sound(chan<number>(1))
    const ledger = new Ledger()
    const emitted = (value: number) => Effect.sync(() => ledger.got(value))
    const victim = go(Stream.runForEach(streamOf(from), emitted))
    const sender = go(function* () {
      for (const value of [1, 2]) yield* ledger.send(from, value)
    })
    yield* gosched()
    victim.interrupt()
    yield* thrownBy(victim.join())
    sender.interrupt()
    yield* thrownBy(sender.join())
    ledger.check(from)
    return ledger.summary
  }

describe("toStream", () => {
  it("emits all values, once each, to two runs of it that share them", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const from = sound(chan<number>(2))
      for (const value of [1, 2]) from.trySend(value)
      from.close()
      const stream = toStream(from)
      const runs = [go(Stream.runCollect(stream)), go(Stream.runCollect(stream))]
      const shares = [yield* runs[0]!, yield* runs[1]!]
      expectNobodyWaits(from)
      return shares.map((share) => share.join("")).join()
    })
    expect(answers).toEqual([",12", "12,"])
    expect(schedules).toBe(35)
  })

  it("gives each value to the stream or to a goroutine that receives as well", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const from = sound(chan<number>())
      const sender = go(function* () {
        for (const value of [1, 2]) yield* from.send(value)
        from.close()
      })
      const running = go(Stream.runCollect(toStream(from)))
      const first = yield* from.next()
      const rest = yield* running
      yield* sender
      expectNobodyWaits(from)
      return `${first.value} and ${rest.join("")}`
    })
    expect(answers).toEqual(["1 and 2", "2 and 1", "undefined and 12"])
    expect(schedules).toBe(56)
  })

  it("leaves what it has not emitted when it is interrupted at any step", async () => {
    const { answers, schedules } = await everySchedule(interrupted(toStream))
    expect(answers).toEqual(["sent [1,2] received [1,2]", "sent [1] received [1]", "sent [] received []"])
    expect(schedules).toBe(112)
  })
})

type FromStream = (stream: Stream.Stream<number>) => Flow<number>

const arrives = (from: FromStream): Program<string> =>
  function* () {
    const values = from(Stream.make(1, 2))
    const received: Array<number> = []
    yield* values.forEach((value) => received.push(value))
    yield* values.goroutine
    expectNobodyWaits(channelOf(values))
    expect(received).toEqual([1, 2])
    return received.join("")
  }

/** Stopped at any step: the stream has run its finalizer, once, if it has begun. */
const stopped = (from: FromStream): Program<string> =>
  function* () {
    let [begun, finalized] = [0, 0]
    const stream = Stream.fromIterable([1, 2]).pipe(
      Stream.tap(() => Effect.sync(() => begun++)),
      Stream.ensuring(Effect.sync(() => finalized++)),
    )
    const values = from(stream)
    const received: Array<number> = []
    const stopper = go(function* () {
      values.stop()
    })
    yield* values.forEach((value) => received.push(value))
    yield* stopper
    yield* thrownBy(values.goroutine.join())
    expectNobodyWaits(channelOf(values))
    expect(received).toEqual([1, 2].slice(0, received.length))
    if (begun > 0) expect(finalized).toBe(1)
    return `${received.join("")} ${finalized}`
  }

describe("fromStream", () => {
  it("brings all values in order, then the end", async () => {
    const { answers, schedules } = await everySchedule(arrives(fromStream))
    expect(answers).toEqual(["12"])
    expect(schedules).toBe(45)
  })

  it("has run the stream's finalizer once when it has ended, stopped at any step", async () => {
    const { answers, schedules } = await everySchedule(stopped(fromStream))
    expect(answers).toEqual([" 0", " 1", "1 1", "12 1"])
    expect(schedules).toBe(845)
  })

  it("and back is the same values in the same order", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const from = sound(chan<number>(2))
      for (const value of [1, 2]) from.trySend(value)
      from.close()
      const there = fromStream(toStream(from))
      const received: Array<number> = []
      yield* there.forEach((value) => received.push(value))
      yield* there.goroutine
      expectNobodyWaits(from, channelOf(there))
      return received.join("")
    })
    expect(answers).toEqual(["12"])
    expect(schedules).toBe(50)
  })
})

/** Takes a value before it is asked for one. */
const prefetching: ToStream = (from) => Stream.rechunk(toStream(from), 2)

/** Takes the first value for all. */
const short: FromStream = (stream) =>
  flow([], 0, function* (out) {
    const values = yield* Stream.runCollect(Stream.take(stream, 1))
    for (const value of values) yield* out.send(value)
  })

describe("a search finds", () => {
  it.each([
    ["a stream that takes values which it does not emit", interrupted(prefetching)],
    ["a flow that does not bring all of a stream", arrives(short)],
  ] as const)("%s", async (_, program) => {
    expect(await plantedBug(program)).toBe("AssertionError")
  })
})
