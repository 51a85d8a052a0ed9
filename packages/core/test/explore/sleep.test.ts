/** Time in every schedule: nobody wakes early, and a timer is held for whoever waits and no longer. */
import { Alarm, currentProcessor, go, type Goroutine, gosched, NotReady, Op, sleep, type Waiter } from "@weft/core"
import { explore, invariant } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { expectNothingLeft } from "../support/left-over.ts"
import { planted } from "../support/planted.ts"
import { thrownBy } from "../support/thrown-by.ts"

const now = (): number => currentProcessor().clock.now()

/** Sleeps for each of the durations, and says how late it woke. */
function* sleeper(...durations: ReadonlyArray<number>) {
  const lateness: Array<number> = []
  for (const duration of durations) {
    const began = now()
    yield* sleep(duration)
    lateness.push(now() - began - Math.max(0, duration))
  }
  return lateness
}

describe("sleep", () => {
  it("wakes everybody when due, in order of time, and in any order at one instant", async () => {
    const orders = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const order: Array<string> = []
      const sleepers = [20, 10, 20].map((duration, i) =>
        go(function* () {
          yield* sleep(duration)
          expect(now()).toBe(duration)
          order.push("abc"[i]!)
        }),
      )
      for (const goroutine of sleepers) yield* goroutine
      orders.add(order.join(""))
      expectNothingLeft()
    })
    expect(orders).toEqual(new Set(["bac", "bca"]))
    expect(schedules).toBe(60)
  })

  it("is never early, and late only where goroutines are slow", async () => {
    const lateness = new Set<number>()
    const program = function* () {
      const sleepers = [go(sleeper, 10, 0), go(sleeper, 15, -5)]
      for (const goroutine of sleepers)
        for (const late of yield* goroutine) {
          expect(late).toBeGreaterThanOrEqual(0)
          lateness.add(late)
        }
      expectNothingLeft()
    }
    const { schedules } = await explore.check({}, program)
    expect(lateness).toEqual(new Set([0]))
    expect(schedules).toBe(2)
    const racing = await explore.check({ clock: "races" }, program)
    // Who sleeps for no time has seen the clock go on by then.
    expect([...lateness].sort((a, b) => a - b)).toEqual([0, 5, 10, 15])
    expect(racing.schedules).toBe(941)
  })

  it("of no time and less is ready at once, and holds no timer", async () => {
    const { schedules } = await explore.check({}, function* () {
      invariant(() => currentProcessor().timers.size === 0, "no timer")
      const sleepers = [0, -1].map((duration) => go(sleeper, duration))
      for (const goroutine of sleepers) expect(yield* goroutine).toEqual([0])
    })
    expect(schedules).toBe(28)
  })

  it("interrupted at every step leaves no timer behind, and the others theirs", async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({ clock: "races" }, function* () {
      const { timers } = currentProcessor()
      const sleepers: ReadonlyArray<Goroutine> = [go(sleep(10)), go(sleep(20))]
      const interrupter = go(function* () {
        sleepers[0]!.interrupt()
      })
      invariant(
        () => timers.size === [...sleepers, interrupter].filter(({ waitReason }) => waitReason === "sleep").length,
        "a timer for each who sleeps",
      )
      const error = yield* thrownBy(sleepers[0]!.join())
      ends.add(error === undefined ? "slept" : "interrupted")
      yield* thrownBy(sleepers[1]!.join())
      expect(now()).toBeGreaterThanOrEqual(20)
      yield* interrupter
      expectNothingLeft()
    })
    expect(ends).toEqual(new Set(["slept", "interrupted"]))
    expect(schedules).toBe(2951)
  })
})

/** Rings once, and counts. */
class Counting extends Alarm {
  readonly counted: { rings: number }

  constructor() {
    const counted = { rings: 0 }
    super(() => counted.rings++)
    this.counted = counted
  }
}

describe("an Alarm", () => {
  it("rings once when due, unless it was stopped before, by whomever", async () => {
    const rings = new Set<number>()
    const { schedules } = await explore.check({ clock: "races" }, function* () {
      const processor = currentProcessor()
      const alarm = new Counting()
      processor.startTimer(alarm, 10)
      const stopper = go(function* () {
        yield* gosched()
        const wasWaiting = alarm.index >= 0
        processor.stopTimer(alarm)
        processor.stopTimer(alarm)
        return wasWaiting
      })
      const wasStopped = yield* stopper
      yield* sleep(5)
      expect(alarm.counted.rings).toBe(wasStopped ? 0 : 1)
      rings.add(alarm.counted.rings)
      expectNothingLeft()
    })
    expect(rings).toEqual(new Set([0, 1]))
    expect(schedules).toBe(8)
  })

  it("started again by its own ring goes on, once for each start", async () => {
    const { schedules } = await explore.check({}, function* () {
      const processor = currentProcessor()
      const rings: Array<number> = []
      const alarm: Alarm = new Alarm(() => {
        rings.push(now())
        if (rings.length < 3) processor.startTimer(alarm, 5)
      })
      processor.startTimer(alarm, 5)
      yield* sleep(12)
      expect(rings).toEqual([5, 10])
      processor.stopTimer(alarm)
      yield* sleep(12)
      expect(rings).toEqual([5, 10])
      expectNothingLeft()
    })
    expect(schedules).toBe(1)
  })
})

/** A sleep as somebody might write it; `dequeue` stops the timer, or not. */
const homeMade = (millis: number, dequeue: (alarm: Alarm) => void): Op<void> => {
  const alarms = new Map<Waiter, Alarm>()
  return Op.make<void>({
    name: "home-made sleep",
    poll: () => NotReady,
    enqueue: (waiter) => {
      const alarm = new Alarm(() => void waiter.commit(undefined))
      alarms.set(waiter, alarm)
      waiter.processor.startTimer(alarm, millis)
    },
    dequeue: (waiter) => dequeue(alarms.get(waiter)!),
  })
}

describe("explore finds", () => {
  const interrupted = (dequeue: (alarm: Alarm) => void) =>
    function* () {
      const sleeping = go(homeMade(10, dequeue))
      const interrupter = go(function* () {
        sleeping.interrupt()
      })
      yield* interrupter
      yield* thrownBy(sleeping.join())
      expectNothingLeft()
    }

  it("a timer that an interrupted sleep leaves behind", async () => {
    expect(await planted(interrupted(() => undefined))).toMatchObject({ name: "AssertionError" })
    const sound = interrupted((alarm) => currentProcessor().stopTimer(alarm))
    expect((await explore.check({}, sound)).schedules).toBe(21)
  })

  it("a program that takes time for an order of events, where the clock races", async () => {
    const hopeful = function* () {
      let isReady = false
      const worker = go(function* () {
        yield* gosched()
        isReady = true
      })
      yield* sleep(1000)
      expect(isReady).toBe(true)
      yield* worker
    }
    await explore.check({}, hopeful)
    expect(await planted(hopeful, { clock: "races" })).toMatchObject({ name: "AssertionError" })
  })
})
