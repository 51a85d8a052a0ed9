/** toQueue and fromQueue in every schedule of small programs. */
import { chan, fromQueue, type Flow, type Receiver, toQueue } from "@weft/channels"
import { go, gosched, Op, type Yieldable } from "@weft/core"
import { explore } from "@weft/core/testing"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { flow } from "../../src/flow.ts"
import { everySchedule, type Program } from "../support/every-schedule.ts"
import { channelOf } from "../support/flow-laws.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits, sound } from "../support/sound.ts"

type ToQueue = (from: Receiver<number>) => Effect.Effect<Queue.Dequeue<number, Cause.Done>, never, Scope.Scope>

/** Effect starts a forked fiber when it next goes through its queue, and so it does with this one. */
const fibersHaveStarted = Op.fromEffect(Effect.andThen(Effect.yieldNow, Effect.yieldNow))

const arrives = (queueOf: ToQueue): Program<string> =>
  function* () {
    const from = sound(chan<number>())
    const sender = go(function* () {
      for (const value of [1, 2]) yield* from.send(value)
      from.close()
    })
    const values = yield* Effect.scoped(Effect.flatMap(queueOf(from), (queue) => Queue.collect(queue)))
    yield* sender
    expectNobodyWaits(from)
    return values.join("")
  }

/** The queue is shut down while it waits to receive: whoever sends then finds nobody. */
const shutDown = (queueOf: ToQueue): Program<void> =>
  function* () {
    const from = sound(chan<number>())
    const scope = yield* Scope.make()
    const queue = yield* Scope.provide(queueOf(from), scope)
    yield* fibersHaveStarted
    yield* Queue.shutdown(queue as Queue.Queue<number, Cause.Done>)
    expect(from.trySend(1)).toBe(false)
    yield* Scope.close(scope, Exit.void)
    expectNobodyWaits(from)
  }

describe("toQueue", () => {
  it("offers all values in order, then ends", async () => {
    const { answers, schedules } = await everySchedule(arrives(toQueue))
    expect(answers).toEqual(["12"])
    expect(schedules).toBe(1)
  })

  it("receives nothing more once it was shut down, though it was waiting to", async () => {
    // Found by this test: the receive that waited took the next value, and nobody got it.
    const { failure } = await explore({ replay: "default" }, shutDown(toQueue))
    expect(failure).toBeUndefined()
    const { schedules } = await everySchedule(shutDown(toQueue))
    expect(schedules).toBe(1)
  })

  it("has one value in hand at most when its scope is closed at any step", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const from = sound(chan<number>())
      const [sent, received]: [Array<number>, Array<number>] = [[], []]
      const victim = go(
        Effect.scoped(
          Effect.flatMap(toQueue(from), (queue) =>
            Stream.runForEach(Stream.fromQueue(queue), (value) => Effect.sync(() => received.push(value))),
          ),
        ),
      )
      yield* fibersHaveStarted
      const sender = go(function* () {
        for (const value of [1, 2]) {
          yield* from.send(value)
          sent.push(value)
        }
      })
      yield* gosched()
      victim.interrupt()
      yield* thrownBy(victim.join())
      sender.interrupt()
      yield* thrownBy(sender.join())
      expectNobodyWaits(from)
      expect(received).toEqual(sent.slice(0, received.length))
      expect(sent.length - received.length).toBeLessThanOrEqual(1)
      return `sent ${sent.join("")} received ${received.join("")}`
    })
    expect(answers).toEqual(["sent  received ", "sent 1 received 1", "sent 12 received 12"])
    expect(schedules).toBe(60)
  })
})

type FromQueue = (queue: Queue.Dequeue<number, Cause.Done>) => Flow<number>

/** Stopped at any step: what it has not taken is still in the queue. */
const stopped = (from: FromQueue): Program<string> =>
  function* (): Generator<Yieldable, string, never> {
    const queue = yield* Queue.unbounded<number, Cause.Done>()
    yield* Queue.offerAll(queue, [1, 2])
    const values = from(queue)
    const received: Array<number> = []
    const stopper = go(function* () {
      values.stop()
    })
    yield* values.forEach((value) => received.push(value))
    yield* stopper
    yield* thrownBy(values.goroutine.join())
    expectNobodyWaits(channelOf(values))
    const left = Queue.sizeUnsafe(queue)
    expect(received).toEqual([1, 2].slice(0, received.length))
    expect(2 - left - received.length).toBeLessThanOrEqual(1)
    yield* Queue.shutdown(queue)
    return `left ${left} received ${received.length}`
  }

describe("fromQueue", () => {
  it("shares the messages with another who takes: each goes to one of them", async () => {
    const { answers, schedules } = await everySchedule(function* (): Generator<Yieldable, string, never> {
      const queue = yield* Queue.unbounded<number, Cause.Done>()
      const values = fromQueue(queue)
      yield* Queue.offer(queue, 1)
      yield* Queue.end(queue)
      yield* gosched()
      const taken = yield* Queue.poll(queue)
      const received: Array<number> = []
      yield* values.forEach((value) => received.push(value))
      expectNobodyWaits(channelOf(values))
      return `${received.join("")} and ${taken._tag === "Some" ? taken.value : "none"}`
    })
    expect(answers).toEqual([" and 1", "1 and none"])
    expect(schedules).toBe(353)
  })

  it("leaves in the queue what it has not taken when it is stopped at any step: one is in hand at most", async () => {
    const { answers, schedules } = await everySchedule(stopped(fromQueue))
    expect(answers).toEqual([
      "left 0 received 1",
      "left 0 received 2",
      "left 1 received 0",
      "left 1 received 1",
      "left 2 received 0",
    ])
    expect(schedules).toBe(754)
  })
})

/** As toQueue was: looks whether the queue is open only once it has a value for it. */
const late: ToQueue = (from) =>
  Effect.tap(Effect.acquireRelease(Queue.bounded<number, Cause.Done>(0), Queue.shutdown), (queue) =>
    Effect.forkScoped(
      Effect.repeat(
        Effect.flatMap(from.next(), ({ ok, value }) => (ok ? Queue.offer(queue, value) : Queue.end(queue))),
        { while: (isOpen) => isOpen },
      ),
    ),
  )

/** Takes all there is at once. */
const greedy: FromQueue = (queue) =>
  flow([], 0, function* (out) {
    const all = yield* Queue.takeAll(queue)
    for (const value of all) yield* out.send(value)
  }) as Flow<number>

describe("a search finds, of queues,", () => {
  it.each([
    ["one that takes a value when it was shut down", shutDown(late)],
    ["one that takes more than one ahead", stopped(greedy)],
  ] as const)("%s", async (_, program) => {
    expect(await plantedBug(program)).toBe("AssertionError")
  })
})
