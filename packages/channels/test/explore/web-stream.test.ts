/** fromReadableStream and toReadableStream in every order in which their promises can be told. */
import { chan, type Flow, fromReadableStream, type Receiver, toReadableStream } from "@weft/channels"
import { go, gosched, Op } from "@weft/core"
import { explore } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { flow } from "../../src/flow.ts"
import { everySchedule, type Program } from "../support/every-schedule.ts"
import { channelOf } from "../support/flow-laws.ts"
import { Ledger } from "../support/ledger.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits, sound } from "../support/sound.ts"

type ToReadable = (from: Receiver<number>) => ReadableStream<number>

/** Who reads cancels the stream, at any moment that a goroutine can see: what was not read is still to be received. */
const cancelled = (streamOf: ToReadable): Program<string> =>
  function* () {
    const from = sound(chan<number>(1))
    const ledger = new Ledger()
    const reader = streamOf(from).getReader()
    const sender = go(function* () {
      for (const value of [1, 2]) yield* ledger.send(from, value)
    })
    const first = yield* Op.fromPromise(() => reader.read())
    if (first.value !== undefined) ledger.got(first.value)
    // Somebody is reading when it is cancelled; he gets the end, or a value that was there before.
    const reading = reader.read()
    yield* gosched()
    yield* Op.fromPromise(() => reader.cancel())
    const second = yield* Op.fromPromise(reading)
    if (second.value !== undefined) ledger.got(second.value)
    sender.interrupt()
    yield* thrownBy(sender.join())
    ledger.check(from)
    return ledger.summary
  }

describe("toReadableStream", () => {
  it("gives each value to who reads it or to a goroutine that receives as well, then ends", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const from = sound(chan<number>(2))
      for (const value of [1, 2]) from.trySend(value)
      from.close()
      const shares: ReadonlyArray<Array<number>> = [[], []]
      const reader = toReadableStream(from).getReader()
      const receiver = go(function* () {
        yield* from.forEach((value) => shares[0]!.push(value))
      })
      for (;;) {
        const { done, value } = yield* Op.fromPromise(() => reader.read())
        if (done) break
        shares[1]!.push(value)
      }
      yield* receiver
      expectNobodyWaits(from)
      return shares.map((share) => share.join("")).join()
    })
    expect(answers).toEqual([",12", "1,2", "12,", "2,1"])
    expect(schedules).toBe(60)
  })

  it("leaves in its channel what nobody has read when it is cancelled", async () => {
    // Found by this test: the value was put into the stream a microtask after it had been taken, when the stream might be closed.
    const { failure } = await explore({ replay: "default" }, cancelled(toReadableStream))
    expect(failure).toBeUndefined()
    const { answers, schedules } = await everySchedule(cancelled(toReadableStream))
    expect(answers).toEqual(["sent [1,2] received [1,2]", "sent [1] received [1]"])
    expect(schedules).toBe(35)
  })
})

type FromReadable = (stream: ReadableStream<number>) => Flow<number, unknown>

/** Stopped at any step: the stream is cancelled once unless it has ended, and one chunk at most was pulled in vain. */
const stopped = (from: FromReadable): Program<string> =>
  function* () {
    let [pulled, cancels] = [0, 0]
    const stream = new ReadableStream<number>(
      {
        pull(controller) {
          if (++pulled > 1) controller.close()
          else controller.enqueue(pulled)
        },
        cancel() {
          cancels++
        },
      },
      { highWaterMark: 0 },
    )
    const values = from(stream) as Flow<number>
    const received: Array<number> = []
    const stopper = go(function* () {
      values.stop()
    })
    yield* values.forEach((value) => received.push(value))
    yield* stopper
    yield* thrownBy(values.goroutine.join())
    expectNobodyWaits(channelOf(values))
    expect(pulled - received.length).toBeLessThanOrEqual(1)
    // Closed while it was read: there was nothing left to cancel.
    expect(cancels).toBe(values.goroutine.wasInterrupted && pulled < 2 ? 1 : 0)
    return `pulled ${pulled} received ${received.length}`
  }

describe("fromReadableStream", () => {
  it("brings all chunks in order, then the end", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const stream = new ReadableStream<number>({
        start(controller) {
          for (const value of [1, 2]) controller.enqueue(value)
          controller.close()
        },
      })
      const values = fromReadableStream<number, never>(stream)
      const received: Array<number> = []
      yield* values.forEach((value) => received.push(value))
      yield* values.goroutine
      expectNobodyWaits(channelOf(values))
      return received.join("")
    })
    expect(answers).toEqual(["12"])
    expect(schedules).toBe(229)
  })

  it("cancels its stream once when it is stopped at any step, and pulls one chunk too many at most", async () => {
    const { answers, schedules } = await everySchedule(stopped(fromReadableStream))
    expect(answers).toEqual([
      "pulled 0 received 0",
      "pulled 1 received 0",
      "pulled 1 received 1",
      "pulled 2 received 1",
    ])
    expect(schedules).toBe(663)
  })
})

/** Receives before anybody reads. */
const eager: ToReadable = (from) =>
  new ReadableStream<number>({
    async pull(controller) {
      const next = await from.next().promise()
      if (next.ok) controller.enqueue(next.value)
      else controller.close()
    },
  })

/** Leaves its stream open. */
const careless: FromReadable = (stream) =>
  flow([], 0, function* (out) {
    const reader = stream.getReader()
    for (;;) {
      const { done, value } = yield* Op.fromPromise(() => reader.read())
      if (done) return
      yield* out.send(value)
    }
  })

describe("a search finds, of web streams,", () => {
  it.each([
    ["one that receives what nobody has asked for", cancelled(eager)],
    ["one that is not cancelled when it is stopped", stopped(careless)],
  ] as const)("%s", async (_, program) => {
    expect(await plantedBug(program)).toBe("AssertionError")
  })
})
