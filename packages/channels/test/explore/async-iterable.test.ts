/** fromAsyncIterable in every order in which its promises can be told. */
import { type Flow, fromAsyncIterable } from "@weft/channels"
import { failure, go, gosched, Op } from "@weft/core"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { flow } from "../../src/flow.ts"
import { everySchedule, type Program } from "../support/every-schedule.ts"
import { channelOf } from "../support/flow-laws.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { ScriptedIterable } from "../support/scripted-iterable.ts"
import { expectNobodyWaits } from "../support/sound.ts"

type FromIterable = (iterable: AsyncIterable<number>) => Flow<number, unknown>

const arrives = (from: FromIterable): Program<string> =>
  function* () {
    const iterable = new ScriptedIterable([1, 2])
    const values = from(iterable) as Flow<number>
    const received: Array<number> = []
    yield* values.forEach((value) => received.push(value))
    yield* values.goroutine
    expectNobodyWaits(channelOf(values))
    expect([iterable.asked, iterable.closed]).toEqual([3, 0])
    return received.join("")
  }

/** Stopped at any step: the iterator is closed once unless it has ended, and one value at most has been asked for in vain. */
const stopped = (from: FromIterable): Program<string> =>
  function* () {
    const iterable = new ScriptedIterable([1])
    const values = from(iterable) as Flow<number>
    const received: Array<number> = []
    const stopper = go(function* () {
      values.stop()
    })
    yield* values.forEach((value) => received.push(value))
    yield* stopper
    yield* thrownBy(values.goroutine.join())
    expectNobodyWaits(channelOf(values))
    expect(iterable.asked - received.length).toBeLessThanOrEqual(1)
    // The one that has said that it is over need not be closed.
    expect(iterable.closed).toBe(values.goroutine.wasInterrupted ? 1 : 0)
    return `asked ${iterable.asked} received ${received.length}`
  }

describe("fromAsyncIterable", () => {
  it("brings all values in order, then the end", async () => {
    const { answers, schedules } = await everySchedule(arrives(fromAsyncIterable))
    expect(answers).toEqual(["12"])
    expect(schedules).toBe(229)
  })

  it("closes its iterator once when it is stopped at any step, and asks for one value too many at most", async () => {
    const { answers, schedules } = await everySchedule(stopped(fromAsyncIterable))
    expect(answers).toEqual(["asked 0 received 0", "asked 1 received 0", "asked 1 received 1", "asked 2 received 1"])
    expect(schedules).toBe(663)
  })

  it("loses nothing to a receiver that is cancelled at any step", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const values = fromAsyncIterable<number, never>(new ScriptedIterable([1]))
      const received: Array<number> = []
      const victim = go(function* () {
        received.push(yield* values.take())
      })
      // It may be a long time until this goroutine goes on.
      yield* gosched()
      victim.interrupt()
      yield* thrownBy(victim.join())
      const first = received.length
      yield* values.forEach((value) => received.push(value))
      expect(received).toEqual([1])
      expectNobodyWaits(channelOf(values))
      return String(first)
    })
    expect(answers).toEqual(["0", "1"])
    expect(schedules).toBe(3564)
  })

  it("fails every receive past the last value with the rejection", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const values = fromAsyncIterable<number, never>(rejecting())
      const other = go(takenFrom, values)
      const outcomes = [yield* takenFrom(values), yield* other]
      expect(yield* thrownBy(values.receive())).toBe("broken")
      expectNobodyWaits(channelOf(values))
      return outcomes.join(", ")
    })
    expect(answers).toEqual(["a value, broken", "broken, a value"])
    expect(schedules).toBe(801)
  })
})

function* takenFrom(values: Flow<number>): Generator<Op<unknown>, string, unknown> {
  const error = yield* thrownBy(values.take())
  return error === undefined ? "a value" : (error as string)
}

async function* rejecting(): AsyncGenerator<number, void, undefined> {
  yield 1
  await Promise.resolve()
  throw "broken"
}

/** Asks for the next value before it has sent the last. */
const readingAhead: FromIterable = (iterable) =>
  flow([], 0, function* (out) {
    const iterator = iterable[Symbol.asyncIterator]()
    let next = yield* Op.fromPromise(iterator.next())
    while (next.done !== true) {
      const asked = iterator.next()
      yield* out.send(next.value)
      next = yield* Op.fromPromise(asked)
    }
  })

/** Takes a rejection for the end. */
const uncaring: FromIterable = (iterable) =>
  flow([], 0, function* (out) {
    const iterator = iterable[Symbol.asyncIterator]()
    for (let i = 0; i < 2; i++) {
      const next = yield* Op.fromPromise(() => iterator.next(), { catch: () => failure("end") })
      if (next.done !== true) yield* out.send(next.value)
    }
  })

describe("a search finds a flow of promises", () => {
  it.each([
    ["that asks for a value too early", stopped(readingAhead)],
    ["that never asks for the end", arrives(uncaring)],
  ] as const)("%s", async (_, program) => {
    expect(await plantedBug(program)).toBe("AssertionError")
  })
})
