/** Timer, Ticker, after and tick in every schedule of small programs. A clock that races lets time pass while goroutines could run. */
import { after, select, tick, Ticker, Timer } from "@weft/channels"
import { context, currentProcessor, go, type Op, sleep, type Waiter } from "@weft/core"
import { type ExploreOptions, waitIdle } from "@weft/core/testing"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { TimerChannel } from "../../src/timer-channel.ts"
import { atEveryStep, endAll } from "../support/at-every-step.ts"
import { everySchedule, type Program } from "../support/every-schedule.ts"
import { plantedBug } from "../support/planted-bug.ts"

const racing: ExploreOptions = { shares: "ops", clock: "races" }

/** Milliseconds since the program began. */
const now = (): number => currentProcessor().clock.now()
/** The time that a timer sent, in the same milliseconds. */
const sentAt = (date: Date | undefined): number | undefined => {
  const { clock } = currentProcessor()
  return date === undefined ? undefined : date.getTime() - (clock.wallNow() - clock.now())
}

/** No timer keeps a place in the heap for nobody. */
function expectNoTimers(): void {
  expect(currentProcessor().timers.size).toBe(0)
}

interface Stoppable {
  receive(): Op<Date | undefined>
  tryReceive(): { readonly value?: Date | undefined } | undefined
  stop(): boolean
}
type Make = (millis: number) => Stoppable
const timer: Make = (millis) => new Timer(millis)

/** It is due; one would receive, another stops it: one of the two has it. */
const stopOrReceive = (make: Make): Program<string> =>
  function* () {
    const due = make(10)
    yield* sleep(10)
    const receiving = go(function* () {
      return due.tryReceive() !== undefined
    })
    const stopping = go(function* () {
      return due.stop()
    })
    const [isReceived, isStopped] = [yield* receiving, yield* stopping]
    expect(isReceived).toBe(!isStopped)
    expect(due.tryReceive()).toBeUndefined()
    expectNoTimers()
    return isReceived ? "received" : "stopped"
  }

/** Somebody waits to receive, another stops it, meanwhile it may be due: then it has fired, or never will. */
const stopWhileWaiting = (make: Make): Program<string> =>
  function* () {
    const due = make(10)
    const receiving = go(due.receive())
    const stopping = go(function* () {
      return due.stop()
    })
    const isStopped = yield* stopping
    yield* sleep(20)
    yield* waitIdle()
    const { status } = receiving
    expect(status).toBe(isStopped ? "waiting" : "done")
    yield* endAll(receiving)
    expectNoTimers()
    return isStopped ? "stopped" : "fired"
  }

/** A receiver who is cancelled, maybe at the instant at which it fires: he has the time, or it is there for the next. */
const cancelledReceive = (make: Make): Program<string> =>
  function* () {
    const due = make(10)
    const received: Array<number | undefined> = []
    const victim = go(function* () {
      received.push(sentAt(yield* due.receive()))
    })
    yield* atEveryStep(victim)
    expectNoTimers()
    const isTaken = received.length > 0
    yield* sleep(20)
    const left = due.tryReceive()
    if (left !== undefined) received.push(sentAt(left.value))
    expect(received).toEqual([10])
    return isTaken ? "taken" : "left"
  }

/** Two receive from one timer: he who came first has it. */
const firstComeFirstServed = (make: Make): Program<string> =>
  function* () {
    const due = make(10)
    const first = go(due.receive())
    yield* waitIdle()
    const second = go(due.receive())
    expect(sentAt(yield* first)).toBe(10)
    yield* waitIdle()
    expect(second.status).toBe("waiting")
    yield* endAll(second)
    expectNoTimers()
    return "served"
  }

describe("a Timer", () => {
  it("that is due is received or stopped, not both", async () => {
    const { answers, schedules } = await everySchedule(stopOrReceive(timer))
    expect(answers).toEqual(["received", "stopped"])
    expect(schedules).toBe(6)
  })

  it("that somebody waits for has fired or was stopped, not both", async () => {
    const { answers, schedules } = await everySchedule(stopWhileWaiting(timer), racing)
    expect(answers).toEqual(["fired", "stopped"])
    expect(schedules).toBe(14)
  })

  it("never fires early, however the clock races, and sends the time at which it was due", async () => {
    const { schedules } = await everySchedule(function* () {
      const timers = [new Timer(10), new Timer(20)] as const
      const receiving = timers.map((each, i) =>
        go(function* () {
          const at = sentAt(yield* each.receive())
          expect(at).toBe(10 * (i + 1))
          expect(now()).toBeGreaterThanOrEqual(at!)
        }),
      )
      for (const goroutine of receiving) yield* goroutine
      expectNoTimers()
    }, racing)
    expect(schedules).toBe(81)
  })

  it("goes to him who waited first", async () => {
    const { schedules } = await everySchedule(firstComeFirstServed(timer))
    expect(schedules).toBe(1)
  })

  it("is taken by a receiver that is cancelled, or is still there", async () => {
    const { answers, schedules } = await everySchedule(cancelledReceive(timer), racing)
    expect(answers).toEqual(["left", "taken"])
    expect(schedules).toBe(12)
  })

  it("is taken by an Effect that is cancelled, or is still there", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const due = new Timer(0)
      const taken: Array<unknown> = []
      const victim = go(Effect.map(due.receive(), (at) => taken.push(at)))
      const canceller = go(function* () {
        victim.interrupt()
      })
      yield* canceller
      yield* thrownBy(victim.join())
      expect(taken.length + (due.tryReceive() === undefined ? 0 : 1)).toBe(1)
      expectNoTimers()
      return taken.length === 1 ? "taken" : "left"
    })
    expect(answers).toEqual(["left", "taken"])
    expect(schedules).toBe(13)
  })

  it("leaves nothing stale after reset, whoever resets it twice and receives meanwhile", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const due = new Timer(10)
      const resetting = [20, 30].map((millis) =>
        go(function* () {
          return { wasRunning: due.reset(millis), at: now() + millis }
        }),
      )
      const receiving = go(due.receive())
      const resets = [yield* resetting[0]!, yield* resetting[1]!]
      const first = sentAt(yield* receiving)!
      // Received before both resets, between them or after: then the last one counts, and there is nothing else.
      expect([10, ...resets.map(({ at }) => at)]).toContain(first)
      yield* sleep(100)
      const left = due.tryReceive()
      const prevented = resets.filter(({ wasRunning }) => wasRunning).length
      expect(prevented + 1 + (left === undefined ? 0 : 1)).toBe(3)
      expectNoTimers()
      return `prevented ${prevented}`
    }, racing)
    expect(answers).toEqual(["prevented 1", "prevented 2"])
    expect(schedules).toBe(184)
  })

  it("takes part in a select that is late, is stopped under it, or gets another timer", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const due = new Timer(10)
      const stopping = go(function* () {
        return due.stop()
      })
      const hit = yield* select({ due: due.receive(), late: after(10).receive() })
      const isStopped = yield* stopping
      if (isStopped) expect(hit.case).toBe("late")
      const isLeft = due.tryReceive() !== undefined
      expect([isStopped, hit.case === "due", isLeft].filter(Boolean).length).toBe(1)
      expectNoTimers()
      return `${isStopped ? "stopped" : "not stopped"} ${hit.case}`
    }, racing)
    expect(answers).toEqual(["not stopped due", "stopped late"])
    expect(schedules).toBe(12)
  })
})

describe("a Timer with a function", () => {
  it("calls it once or says that it was stopped in time", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      let calls = 0
      const due = new Timer(10, () => calls++)
      const stopping = [1, 2].map(() =>
        go(function* () {
          return due.stop()
        }),
      )
      const stops = [yield* stopping[0]!, yield* stopping[1]!].filter(Boolean).length
      yield* sleep(20)
      yield* waitIdle()
      expect(calls + stops).toBe(1)
      expectNoTimers()
      return stops === 1 ? "stopped" : "called"
    }, racing)
    expect(answers).toEqual(["called", "stopped"])
    expect(schedules).toBe(24)
  })

  it("calls it once for each reset that was not prevented by the next", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      let calls = 0
      const due = new Timer(10, function* () {
        calls++
      })
      const resetting = [1, 2].map(() =>
        go(function* () {
          return due.reset(10)
        }),
      )
      const prevented = [yield* resetting[0]!, yield* resetting[1]!].filter(Boolean).length
      yield* sleep(100)
      yield* waitIdle()
      expect(calls + prevented).toBe(3)
      expectNoTimers()
      return `called ${calls}`
    }, racing)
    expect(answers).toEqual(["called 1", "called 2", "called 3"])
    expect(schedules).toBe(2042)
  })

  it("is stopped by what happens at the same instant just before it", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      let calls = 0
      const due = new Timer(10, () => calls++)
      const [ctx] = context.withTimeout(context.background, 10)
      const stops: Array<boolean> = []
      ctx.signal.addEventListener("abort", () => stops.push(due.stop()))
      yield* sleep(11)
      yield* waitIdle()
      expect(stops).toEqual([calls === 0])
      return calls === 0 ? "stopped" : "called"
    })
    expect(answers).toEqual(["called", "stopped"])
    expect(schedules).toBe(2)
  })
})

describe("a Ticker", () => {
  it("keeps one tick at most for a slow receiver, and ticks on in its period", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ticker = new Ticker(10)
      const ticks: Array<number> = []
      for (let i = 0; i < 3; i++) {
        const at = sentAt(yield* ticker.receive())!
        expect(at % 10).toBe(0)
        expect(now()).toBeGreaterThanOrEqual(at)
        expect(at).toBeGreaterThan(ticks.at(-1) ?? 0)
        ticks.push(at)
        if (i === 0) yield* sleep(25)
      }
      ticker.stop()
      expectNoTimers()
      return ticks.join()
    })
    expect(answers).toEqual(["10,20,40"])
    expect(schedules).toBe(1)
  })

  it("gives each tick to one of two receivers", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ticker = new Ticker(10)
      const receiving = [1, 2].map(() => go(ticker.receive()))
      const ticks = [sentAt(yield* receiving[0]!), sentAt(yield* receiving[1]!)]
      ticker.stop()
      expectNoTimers()
      return ticks.join()
    })
    expect(answers).toEqual(["10,20", "20,10"])
    expect(schedules).toBe(2)
  })

  it("leaves nothing stale after stop or reset, whoever waits", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ticker = new Ticker(10)
      let resetAt: number | undefined
      const receiving = go(ticker.receive())
      const resetting = go(function* () {
        ticker.stop()
        ticker.reset(7)
        resetAt = now()
      })
      yield* resetting
      const tickedAt = sentAt(yield* receiving)!
      expect([10, resetAt! + 7]).toContain(tickedAt)
      yield* sleep(20)
      expect((sentAt(ticker.tryReceive()?.value)! - resetAt!) % 7).toBe(0)
      ticker.stop()
      expect(ticker.tryReceive()).toBeUndefined()
      expectNoTimers()
      return tickedAt === 10 ? "before the reset" : "after the reset"
    }, racing)
    expect(answers).toEqual(["after the reset", "before the reset"])
    expect(schedules).toBe(26)
  })

  it("loses no tick to a receiver that is cancelled at any step", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ticker = new Ticker(10)
      let taken = 0
      const victim = go(function* () {
        for (let i = 0; i < 2; i++) {
          yield* ticker.receive()
          taken++
        }
      })
      const canceller = go(function* () {
        victim.interrupt()
      })
      yield* canceller
      yield* thrownBy(victim.join())
      expectNoTimers()
      expect(sentAt(yield* ticker.receive())).toBe(10 * (taken + 1))
      ticker.stop()
      return `taken ${taken}`
    }, racing)
    expect(answers).toEqual(["taken 0", "taken 1", "taken 2"])
    expect(schedules).toBe(42)
  })
})

describe("after and tick", () => {
  it("count from their call, not from the receive", async () => {
    const { schedules } = await everySchedule(function* () {
      const [once, again] = [after(10), tick(10)]
      yield* sleep(5)
      const receiving = [go(once.receive()), go(again.receive())]
      expect([sentAt(yield* receiving[0]!), sentAt(yield* receiving[1]!)]).toEqual([10, 10])
      expectNoTimers()
    })
    expect(schedules).toBe(4)
  })
})

/** A timer with one place for a time; `broken` says how it errs. */
abstract class BrokenTimer extends TimerChannel implements Stoppable {
  constructor(millis: number) {
    super()
    this.schedule(this.processor.clock.now() + millis)
  }

  stop(): boolean {
    return this.schedule(Infinity)
  }
  protected after(_due: number): number {
    return Infinity
  }
}

/** Fires again when it was received. */
class Stale extends BrokenTimer {
  protected override after(due: number): number {
    return due
  }
}

/** Says that it prevented the firing, and keeps it. */
class Boastful extends BrokenTimer {
  override stop(): boolean {
    return this.due !== Infinity
  }
}

/** Loses the firing with the receiver that is withdrawn. */
class Losing extends BrokenTimer {
  override dequeueReceiver(waiter: Waiter): void {
    super.dequeueReceiver(waiter)
    this.due = Infinity
  }
}

/** Serves him last who came first. */
class Overtaking extends BrokenTimer {
  #first: Waiter | undefined

  override enqueueReceiver(waiter: Waiter): void {
    const first = (this.#first ??= waiter)
    if (first !== waiter) super.dequeueReceiver(first)
    super.enqueueReceiver(waiter)
    if (first !== waiter) super.enqueueReceiver(first)
  }
}

describe("a search finds a timer", () => {
  it.each([
    ["that fires once more", stopOrReceive((millis) => new Stale(millis))],
    ["that says it was stopped, and fires", stopWhileWaiting((millis) => new Boastful(millis))],
    ["that is lost with a receiver that is cancelled", cancelledReceive((millis) => new Losing(millis))],
    ["that serves the last first", firstComeFirstServed((millis) => new Overtaking(millis))],
  ] as const)("%s", async (_, program) => {
    expect(await plantedBug(program, racing)).toMatch(/AssertionError|DeadlockError/)
  })
})
