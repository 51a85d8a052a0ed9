import { DeadlockError, go, run, sleep } from "@weft/core"
import { virtualTime } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { select } from "./select.ts"
import { tick } from "./tick.ts"
import { InvalidPeriod, Ticker } from "./ticker.ts"

const start = Date.UTC(2000, 0, 1)
const at = (millis: number) => new Date(start + millis)

describe("Ticker", () => {
  it("fires a period apart, however long each tick takes", () =>
    runVirtual(function* () {
      const ticker = new Ticker(10)
      const times: Array<number> = []
      for (let i = 0; i < 5; i++) {
        times.push((yield* ticker.receive())!.getTime() - start)
        yield* sleep(4)
      }
      expect(times).toEqual([10, 20, 30, 40, 50])
    }))

  it("keeps one tick for a slow receiver, the oldest, and never a burst", () =>
    runVirtual(function* () {
      const ticker = new Ticker(10)
      yield* sleep(35)
      expect(ticker.tryReceive()).toEqual({ ok: true, value: at(10) })
      expect(ticker.tryReceive()).toBeUndefined()
      expect(yield* ticker.receive()).toEqual(at(40))
    }))

  it("leaves nothing from before once stopped or reset", () =>
    runVirtual(function* () {
      const ticker = new Ticker(10)
      yield* sleep(15)
      ticker.stop()
      yield* sleep(100)
      expect(ticker.tryReceive()).toBeUndefined()
      ticker.reset(20)
      yield* sleep(25)
      ticker.reset(50)
      expect(ticker.tryReceive()).toBeUndefined()
      expect(yield* ticker.receive()).toEqual(at(15 + 100 + 25 + 50))
      expect(yield* ticker.receive()).toEqual(at(15 + 100 + 25 + 100))
    }))

  it("serves parked receivers one tick each, in order", () =>
    runVirtual(function* () {
      const ticker = new Ticker(10)
      const woken: Array<string> = []
      for (const name of ["a", "b", "c"]) {
        go(function* () {
          const time = yield* ticker.receive()
          woken.push(`${name} ${time!.getTime() - start}`)
        })
        yield* waitIdle()
      }
      yield* sleep(50)
      expect(woken).toEqual(["a 10", "b 20", "c 30"])
    }))

  it("wakes nobody once stopped under a parked receiver: that is a deadlock, and it is found", async () => {
    const main = run(
      function* () {
        const ticker = new Ticker(10)
        go(function* () {
          yield* sleep(5)
          ticker.stop()
        })
        yield* ticker.receive()
      },
      { plugins: [virtualTime()], deadlock: "fail" },
    )
    await expect(main).rejects.toThrow(DeadlockError)
    await expect(main).rejects.toThrow("a timer that is not running")
  })

  it.each([0, -5, "0 millis", -Infinity] as const)("refuses a period of %s, with Go's words", (period) => {
    expect(() => new Ticker(period)).toThrow(InvalidPeriod)
    expect(() => new Ticker(period)).toThrow(/^non-positive interval for NewTicker \(.*\); pass a duration above zero$/)
    const ticker = new Ticker(1000)
    expect(() => ticker.reset(period)).toThrow("non-positive interval for Ticker.Reset")
  })
})

describe("tick", () => {
  it("is a ticker", () =>
    runVirtual(function* () {
      const ticks = tick(10)
      expect([yield* ticks.receive(), yield* ticks.receive()]).toEqual([at(10), at(20)])
    }))

  it.each([0, -1])("is the nil channel for a period of %d", (period) =>
    runVirtual(function* () {
      const hit = yield* select({ tick: tick(period).receive(), time: sleep("1 hour") })
      expect(hit.case).toBe("time")
    }),
  )
})
