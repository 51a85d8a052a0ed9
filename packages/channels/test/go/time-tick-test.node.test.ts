/** Go's time tests that collect garbage. */
import { after, tick, Ticker, Timer } from "@weft/channels"
import { go, gosched, run, sleep } from "@weft/core"
import { describe, expect, it } from "vitest"
import { collect, isCollected } from "../../../core/test/support/collected.node.ts"

const dropped: Readonly<Record<string, () => Promise<WeakRef<object>> | WeakRef<object>>> = {
  "a timer that runs": () => new WeakRef(new Timer("1 hour")),
  "a timer of a function that was stopped": () => {
    const timer = new Timer("1 hour", () => undefined)
    timer.stop()
    return new WeakRef(timer)
  },
  "a timer that was reset": () => {
    const timer = new Timer("1 hour")
    timer.reset("2 hours")
    return new WeakRef(timer)
  },
  "a ticker that runs": () => new WeakRef(new Ticker("1 hour")),
  "a tick that nobody can stop": () => new WeakRef(tick("1 hour")),
  "an after that lost its select": () =>
    run(function* () {
      const timeout = after("1 hour")
      const waiting = go(function* () {
        yield* timeout.receive()
      })
      yield* gosched()
      yield* gosched()
      waiting.interrupt()
      return new WeakRef(timeout)
    }),
}

describe("time/tick_test", () => {
  for (const [name, make] of Object.entries(dropped)) {
    it(`TimerGC: ${name} is collected once nobody has it`, async () => {
      expect(await isCollected(make)).toBe(true)
    })
  }

  it("TimerGC: one that a goroutine waits on is not", async () => {
    let waiting: ReturnType<typeof go> | undefined
    const kept = await run(
      function* () {
        const timer = new Timer("1 hour")
        waiting = go(function* () {
          yield* timer.receive()
        })
        yield* gosched()
        yield* gosched()
        const ref = new WeakRef<object>(timer)
        yield* sleep(5)
        collect()
        yield* sleep(5)
        collect()
        return ref.deref() !== undefined
      },
      { remaining: "cancel" },
    )
    expect(kept).toBe(true)
    expect(waiting!.status).toBe("done")
  })
})

describe("time/sleep_test", () => {
  for (const name of ["TickerStress", "TickerConcurrentStress"]) {
    it(`${name}: 100 ticks of the shortest ticker arrive although everything is collected all the time`, () =>
      run(function* () {
        const collecting = go(function* () {
          for (;;) {
            collect()
            yield* sleep(1)
          }
        })
        const tickers = name === "TickerStress" ? 1 : 5
        const receiving = Array.from({ length: tickers }, () =>
          go(function* () {
            const ticker = new Ticker("1 nanos")
            for (let i = 0; i < 100; i++) yield* ticker.receive()
            ticker.stop()
            return "all"
          }),
        )
        for (const goroutine of receiving) expect(yield* goroutine).toBe("all")
        collecting.interrupt()
      }))
  }
})
