/** fromEvent in every schedule of small programs. */
import { buffer, chan, type Events, fromEvent, select } from "@weft/channels"
import { currentProcessor, go, gosched, sleep } from "@weft/core"
import { waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { atEveryStep } from "../support/at-every-step.ts"
import { everySchedule, type Program } from "../support/every-schedule.ts"
import { channelOf } from "../support/flow-laws.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits } from "../support/sound.ts"

/** What happens, and how many listen: as much of an EventTarget as an emitter has. */
class Emitter {
  readonly #listeners = new Set<(event: unknown) => void>()

  get listening(): number {
    return this.#listeners.size
  }
  on(_name: string, listener: (event: unknown) => void): void {
    this.#listeners.add(listener)
  }
  off(_name: string, listener: (event: unknown) => void): void {
    this.#listeners.delete(listener)
  }
  emit(event: number): void {
    for (const listener of this.#listeners) listener(event)
  }
}

type FromEmitter = (emitter: Emitter) => Events<number>
const all: FromEmitter = (emitter) => fromEvent<number>(emitter, "event")
const latest: FromEmitter = (emitter) => fromEvent<number>(emitter, "event", buffer.sliding(1))

/** Two events at any moment, two who receive. */
const sharedByTwo = (from: FromEmitter): Program<string> =>
  function* () {
    const emitter = new Emitter()
    const events = from(emitter)
    const receivers = [0, 1].map(() => go(events.receive()))
    go(function* () {
      emitter.emit(1)
      yield* gosched()
      emitter.emit(2)
    })
    const received = [yield* receivers[0]!, yield* receivers[1]!]
    expectNothingWaitsOutside(events)
    events.stop()
    expect(emitter.listening).toBe(0)
    return received.join()
  }

/** Stopped at any step: what happened before is received, nothing after; whoever waits gets the end. */
const stopped = (from: FromEmitter): Program<string> =>
  function* () {
    const emitter = new Emitter()
    const events = from(emitter)
    const received: Array<number> = []
    const receiver = go(function* () {
      yield* events.forEach((event) => received.push(event))
    })
    let before = 0
    const room = chan<void>(2)
    const emitting = go(function* () {
      for (const event of [1, 2]) {
        // There is: others may run meanwhile, and need not.
        yield* room.send()
        if (!events.closed) before = event
        emitter.emit(event)
      }
    })
    yield* gosched()
    events.stop()
    yield* receiver
    yield* emitting
    expect(received).toEqual([1, 2].slice(0, before))
    expectNothingWaitsOutside(events)
    expect(emitter.listening).toBe(0)
    return received.join("")
  }

/** While somebody waits for an event, no deadlock is reported; the count must come out even. */
function expectNothingWaitsOutside(events: Events<unknown>): void {
  expect(currentProcessor().outside).toBe(0)
  expectNobodyWaits(channelOf(events))
}

/** A receiver that is cancelled at any step has an event, or it is there for the next. */
const cancelled = (from: FromEmitter): Program<string> =>
  function* () {
    const emitter = new Emitter()
    const events = from(emitter)
    const received: Array<number> = []
    const victim = go(function* () {
      const hit = yield* select({ one: events.take(), other: events.take() })
      received.push(hit.value)
    })
    go(function* () {
      emitter.emit(1)
    })
    yield* atEveryStep(victim)
    const isTaken = received.length === 1
    const left = events.tryReceive()
    if (left?.ok === true) received.push(left.value)
    expect(received).toEqual([1])
    expectNothingWaitsOutside(events)
    events.stop()
    return isTaken ? "taken" : "left"
  }

describe("fromEvent", () => {
  it("gives each event to one of two receivers", async () => {
    const { answers, schedules } = await everySchedule(sharedByTwo(all))
    expect(answers).toEqual(["1,2", "2,1"])
    expect(schedules).toBe(42)
  })

  it("gives the events before its stop, and then ends, whoever waits", async () => {
    const { answers, schedules } = await everySchedule(stopped(all), { shares: "anything" })
    expect(answers).toEqual(["", "1", "12"])
    expect(schedules).toBe(476)
  })

  it("leaves an event to the next when a select that waits for it twice is cancelled at any step", async () => {
    const { answers, schedules } = await everySchedule(cancelled(all))
    expect(answers).toEqual(["left", "taken"])
    expect(schedules).toBe(24)
  })

  it("keeps as many events as its buffer does", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const emitter = new Emitter()
      using events = latest(emitter)
      go(function* () {
        emitter.emit(1)
        yield* gosched()
        emitter.emit(2)
      })
      const first = yield* events.receive()
      yield* sleep(1)
      return `${first} ${events.tryReceive()?.value}`
    })
    expect(answers).toEqual(["1 2", "2 undefined"])
    expect(schedules).toBe(3)
  })

  it("counts who waits exactly, when one is served, one is cancelled and one gets the end", async () => {
    const { schedules } = await everySchedule(function* () {
      const emitter = new Emitter()
      const events = all(emitter)
      const receivers = [0, 1, 2].map(() => go(events.next()))
      go(function* () {
        emitter.emit(1)
      })
      go(function* () {
        receivers[0]!.interrupt()
      })
      go(function* () {
        events.stop()
      })
      yield* waitIdle()
      expect(receivers.map(({ status }) => status)).toEqual(["done", "done", "done"])
      expectNothingWaitsOutside(events)
      expect(emitter.listening).toBe(0)
    })
    expect(schedules).toBe(3204)
  })
})

/** Still listens when it was stopped. */
const listeningOn: FromEmitter = (emitter) => {
  emitter.off = () => undefined
  return all(emitter)
}

/** Counts a receiver out twice that is cancelled. */
const miscounting: FromEmitter = (emitter) => {
  const events = all(emitter)
  const dequeue = events.dequeueReceiver.bind(events)
  return Object.assign(events, {
    dequeueReceiver(waiter: Parameters<typeof dequeue>[0]) {
      dequeue(waiter)
      waiter.processor.outside--
    },
  })
}

describe("a search finds, of events,", () => {
  it.each([
    ["one that still listens when it was stopped", stopped(listeningOn)],
    ["one that counts a waiter twice", cancelled(miscounting)],
  ] as const)("%s", async (_, program) => {
    expect(await plantedBug(program)).toBe("AssertionError")
  })
})
