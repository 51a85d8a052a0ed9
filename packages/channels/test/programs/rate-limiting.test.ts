/** The Go wiki's and Go by Example's rate limiting, by tickers on the virtual clock. */
import { buffer, chan, Ticker, Timer } from "@weft/channels"
import { go, type Op, sleep } from "@weft/core"
import { describe, expect } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"

const now = (): Op<number> => new Timer(0).receive().map((time) => time!.getTime() - Date.UTC(2000, 0, 1))
const virtual = { time: "virtual" } as const

describe("rate limiting", () => {
  underSchedules(
    "ticker: a request every 200 ms",
    function* () {
      const limiter = new Ticker(200)
      const times: Array<number> = []
      for (let i = 0; i < 5; i++) {
        yield* limiter.receive()
        times.push(yield* now())
      }
      expect(times).toEqual([200, 400, 600, 800, 1000])
    },
    virtual,
  )

  underSchedules(
    "burst: a buffer filled beforehand lets three through at once, then the ticker decides",
    function* () {
      const bursty = chan<void>(3)
      for (let i = 0; i < 3; i++) yield* bursty.send()
      const refill = go(function* () {
        const ticks = new Ticker(200)
        for (;;) {
          yield* ticks.receive()
          yield* bursty.send()
        }
      })
      const times: Array<number> = []
      for (let i = 0; i < 5; i++) {
        yield* bursty.receive()
        times.push(yield* now())
      }
      expect(times).toEqual([0, 0, 0, 200, 400])
      refill.interrupt()
    },
    virtual,
  )

  underSchedules(
    "token bucket: fills while nobody asks, and never beyond its size",
    function* () {
      const tokens = chan<void>(buffer.dropping(5))
      const refill = go(function* () {
        const ticks = new Ticker(100)
        for (;;) {
          yield* ticks.receive()
          yield* tokens.send()
        }
      })
      yield* sleep(10_050)
      let atOnce = 0
      while (tokens.tryReceive() !== undefined) atOnce++
      expect(atOnce).toBe(5)
      yield* tokens.receive()
      expect(yield* now()).toBe(10_100)
      refill.interrupt()
    },
    virtual,
  )
})
