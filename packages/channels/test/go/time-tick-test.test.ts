/** Go's time/tick_test.go, with the semantics since Go 1.23. */
import { after, InvalidPeriod, select, tick, Ticker, Timer } from "@weft/channels"
import { DeadlockError, go, type Op, run, sleep } from "@weft/core"
import { virtualTime } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"

const epoch = Date.UTC(2000, 0, 1)
const virtual = { time: "virtual" } as const
const now = (): Op<number> => new Timer(0).receive().map((time) => time!.getTime() - epoch)

describe("time/tick_test", () => {
  underSchedules(
    "Ticker: n ticks, reset to twice the period, n ticks take 3nd; none after stop",
    function* () {
      const [count, delta] = [10, 20]
      const ticker = new Ticker(delta)
      for (let i = 0; i < count; i++) yield* ticker.receive()
      ticker.reset(2 * delta)
      for (let i = 0; i < count; i++) yield* ticker.receive()
      expect(yield* now()).toBe(3 * delta * count)
      ticker.stop()
      yield* sleep(4 * delta)
      expect(ticker.tryReceive()).toBeUndefined()
    },
    virtual,
  )

  it("Teardown: tickers stopped and dropped by the hundred leave nothing that keeps a run from its end", () =>
    runVirtual(function* () {
      for (let i = 0; i < 300; i++) {
        const ticker = new Ticker(10)
        yield* ticker.receive()
        if (i % 2 === 0) ticker.stop()
      }
      expect(yield* now()).toBe(3000)
    }))

  it("Tick: a period of zero or less gives the nil channel", () =>
    runVirtual(function* () {
      for (const period of [0, -1]) {
        const hit = yield* select({ tick: tick(period).receive(), time: sleep("1 day") })
        expect(hit.case).toBe("time")
      }
      expect((yield* tick(5).receive())!.getTime() - epoch).toBe(2 * 86_400_000 + 5)
    }))

  it("NewTickerLtZeroDuration: panics", () => {
    for (const period of [0, -1]) {
      expect(() => new Ticker(period)).toThrow(InvalidPeriod)
      expect(() => new Ticker(period)).toThrow(/^non-positive interval for NewTicker/)
    }
  })

  it("TickerResetLtZeroDuration: panics, and the ticker goes on as before", () =>
    runVirtual(function* () {
      const ticker = new Ticker(10)
      expect(() => ticker.reset(0)).toThrow(/^non-positive interval for Ticker.Reset/)
      expect((yield* ticker.receive())!.getTime() - epoch).toBe(10)
    }))

  it("LongAdjustTimers: 5,000 sleepers and 1,000,000 timeouts leave a timer that fires", () =>
    run(function* () {
      const sleepers = Array.from({ length: 5000 }, () =>
        go(function* () {
          yield* sleep("1 hour")
        }),
      )
      // What a server does with a timeout per request: made, not needed, stopped.
      for (let i = 0; i < 1_000_000; i++) {
        const timeout = new Timer("1 minute")
        timeout.stop()
      }
      yield* after(1).receive()
      for (const sleeper of sleepers) sleeper.interrupt()
    }))

  underSchedules(
    "Chan: a timer's channel has nothing stale after stop or reset, due or not",
    function* () {
      const timer = new Timer(10_000)
      expect([timer.length, timer.capacity]).toEqual([0, 0])
      const empty = () => expect([timer.tryReceive(), timer.length]).toEqual([undefined, 0])
      empty()
      expect(timer.stop()).toBe(true)
      empty()
      expect(timer.reset(10_000)).toBe(false)
      empty()
      for (const end of ["stop", "reset"] as const) {
        timer.reset(10)
        yield* sleep(20)
        // Due, and not received: it still counts as not yet fired.
        expect(timer.length).toBe(0)
        expect(end === "stop" ? timer.stop() : timer.reset(10_000)).toBe(true)
        empty()
        expect(timer.stop()).toBe(end === "reset")
        empty()
      }
      timer.reset(10)
      yield* timer.receive()
      expect(timer.stop()).toBe(false)
      empty()
    },
    virtual,
  )

  underSchedules(
    "Chan: parked receivers see resets and stops, in order",
    function* () {
      const timer = new Timer(10_000)
      const woken: Array<number> = []
      for (let i = 0; i < 3; i++) {
        go(function* () {
          yield* timer.receive()
          woken.push(i)
        })
        yield* waitIdle()
      }
      for (let fired = 1; fired <= 3; fired++) {
        timer.reset(10)
        yield* sleep(20)
        expect(woken.length).toBe(fired)
        expect(timer.stop()).toBe(false)
      }
      expect(woken).toEqual([0, 1, 2])
    },
    virtual,
  )

  underSchedules(
    "Chan: a ticker's channel has nothing stale after stop or reset, and keeps one tick",
    function* () {
      const ticker = new Ticker(10)
      yield* sleep(35)
      expect([ticker.length, ticker.capacity]).toEqual([0, 0])
      expect(ticker.tryReceive()?.ok).toBe(true)
      expect(ticker.tryReceive()).toBeUndefined()
      yield* sleep(10)
      ticker.stop()
      expect(ticker.tryReceive()).toBeUndefined()
      ticker.reset(10)
      expect(ticker.tryReceive()).toBeUndefined()
      expect((yield* ticker.receive())!.getTime() - epoch).toBe(55)
    },
    virtual,
  )

  it("Chan: a receiver parked on a stopped timer is a deadlock that is found", async () => {
    const main = run(
      function* () {
        const timer = new Timer(10_000)
        timer.stop()
        yield* timer.receive()
      },
      { plugins: [virtualTime()], deadlock: "fail" },
    )
    await expect(main).rejects.toThrow(DeadlockError)
  })

  underSchedules(
    "AfterTimes: read late, the value is the time at which it fired",
    function* () {
      for (let i = 0; i < 10; i++) {
        const begin = yield* now()
        const timeout = after(10)
        yield* sleep(100)
        expect((yield* timeout.receive())!.getTime() - epoch - begin).toBe(10)
      }
    },
    virtual,
  )

  underSchedules(
    "TickTimes: read late, the value is the time of the first tick not received",
    function* () {
      for (let i = 0; i < 10; i++) {
        const begin = yield* now()
        const ticks = tick(10)
        yield* sleep(100)
        expect((yield* ticks.receive())!.getTime() - epoch - begin).toBe(10)
      }
    },
    virtual,
  )
})
