import { currentProcessor, GoroutinePanic, go, gosched, run, sleep } from "@weft/core"
import { virtualTime } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { after } from "./after.ts"
import { chan } from "./chan.ts"
import { select, trySelect } from "./select.ts"
import { Timer } from "./timer.ts"

/** Virtual time starts here. */
const start = Date.UTC(2000, 0, 1)
const at = (millis: number) => new Date(start + millis)

describe("Timer", () => {
  it("fires once, at its time, and says when", () =>
    runVirtual(function* () {
      const timer = new Timer("50 millis")
      expect(timer.tryReceive()).toBeUndefined()
      expect(yield* timer.receive()).toEqual(at(50))
      yield* sleep("1 hour")
      expect(timer.tryReceive()).toBeUndefined()
    }))

  it("gives the time at which it fired, not at which it is read", () =>
    runVirtual(function* () {
      const timer = new Timer(10)
      yield* sleep(25)
      expect(yield* timer.receive()).toEqual(at(10))
    }))

  it.each([0, -1, -1e9])("fires at once after %d ms", (millis) =>
    runVirtual(function* () {
      const timer = new Timer(millis)
      expect(timer.tryReceive()).toEqual({ ok: true, value: at(0) })
    }),
  )

  it("never fires after an infinite duration", () =>
    runVirtual(function* () {
      const timer = new Timer(Infinity)
      expect((yield* select({ timer: timer.receive(), time: sleep("1 day") })).case).toBe("time")
    }))

  it("leaves nothing to receive once stopped, whether it was due or not", () =>
    runVirtual(function* () {
      for (const wait of [5, 20]) {
        const timer = new Timer(10)
        yield* sleep(wait)
        expect(timer.stop()).toBe(true)
        expect(timer.stop()).toBe(false)
        yield* sleep(20)
        expect(timer.tryReceive()).toBeUndefined()
      }
      const received = new Timer(1)
      yield* received.receive()
      expect(received.stop()).toBe(false)
    }))

  it("leaves nothing from before once reset, whether it was due or not", () =>
    runVirtual(function* () {
      for (const wait of [5, 20]) {
        const begin = Date.UTC(2000, 0, 1)
        const timer = new Timer(10)
        yield* sleep(wait)
        expect(timer.reset(100)).toBe(true)
        expect(timer.tryReceive()).toBeUndefined()
        const before = (yield* new Timer(0).receive())!.getTime() - begin
        expect((yield* timer.receive())!.getTime() - begin).toBe(before + 100)
        expect(timer.reset(1)).toBe(false)
        yield* timer.receive()
      }
    }))

  it("moves a receiver that is parked on it, earlier and later", () =>
    runVirtual(function* () {
      for (const [first, then] of [
        [10, 1000],
        [1000, 10],
      ] as const) {
        const timer = new Timer(first)
        const receiving = go(function* () {
          return yield* timer.receive()
        })
        yield* waitIdle()
        const expected = (yield* new Timer(0).receive())!.getTime() + then
        timer.reset(then)
        expect((yield* receiving)!.getTime()).toBe(expected)
      }
    }))

  it("wakes one of several receivers", () =>
    runVirtual(function* () {
      const timer = new Timer(10)
      let woken = 0
      const receiving = [1, 2, 3].map(() =>
        go(function* () {
          yield* timer.receive()
          woken++
        }),
      )
      yield* sleep(100)
      expect(woken).toBe(1)
      timer.reset(10)
      yield* sleep(100)
      expect(woken).toBe(2)
      for (const goroutine of receiving) goroutine.interrupt()
    }))

  it("holds a place among the processor's timers only while somebody waits", () =>
    runVirtual(function* () {
      const { timers } = currentProcessor()
      const [timer, ch] = [new Timer("1 hour"), chan<number>()]
      expect(timers.size).toBe(0)
      const waiting = go(function* () {
        yield* select({ timer: timer.receive(), in: ch.receive() })
      })
      yield* gosched()
      yield* gosched()
      expect(timers.size).toBe(1)
      yield* ch.send(1)
      expect(timers.size).toBe(0)
      yield* waiting
    }))

  it("has no length, no capacity and no end", () =>
    runVirtual(function* () {
      const timer = new Timer(0)
      expect([timer.length, timer.capacity, timer.closed]).toEqual([0, 0, false])
      yield* timer.receive()
    }))

  it("says in a report when it is due", () =>
    runVirtual(function* () {
      const receiving = go(function* () {
        yield* new Timer(100).receive()
      })
      yield* sleep(40)
      expect([receiving.waitReason, receiving.waitDetail]).toEqual(["chan receive", "a timer due in 60 ms"])
    }))
})

describe("a Timer with a function", () => {
  it("starts it as a goroutine of the run in which it was made, once", () =>
    runVirtual(function* () {
      const called = chan<number>()
      let n = 0
      const timer = new Timer(10, function* () {
        n++
        yield* called.send(n)
      })
      expect(yield* called.receive()).toBe(1)
      expect(timer.stop()).toBe(false)
      yield* sleep("1 hour")
      expect(n).toBe(1)
    }))

  it("fails the run in which it was made if the function panics", async () => {
    const main = run(
      function* () {
        new Timer(10, () => {
          throw new Error("boom")
        })
        yield* sleep("1 hour")
      },
      { plugins: [virtualTime()] },
    )
    const error: unknown = await main.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(GoroutinePanic)
    expect((error as Error).message).toContain("boom")
  })

  it("never calls it once stopped, and says whether it prevented the call", () =>
    runVirtual(function* () {
      let calls = 0
      const timer = new Timer(10, () => calls++)
      expect([timer.stop(), timer.stop()]).toEqual([true, false])
      yield* sleep(100)
      expect(calls).toBe(0)
      expect(timer.reset(10)).toBe(false)
      yield* sleep(100)
      expect(calls).toBe(1)
    }))

  it("calls it once, at the later time, once reset, and never once reset to an infinite one", () =>
    runVirtual(function* () {
      let calls = 0
      const timer = new Timer(10, () => calls++)
      yield* sleep(5)
      expect(timer.reset(20)).toBe(true)
      yield* sleep(19)
      expect(calls).toBe(0)
      yield* sleep(30)
      expect(calls).toBe(1)
      expect([timer.reset(10), timer.reset(Infinity), timer.stop()]).toEqual([false, true, false])
      yield* sleep(100)
      expect(calls).toBe(1)
    }))

  it("leaves no timer behind when its run ends before it, and none is started by a reset after that", async () => {
    const left = await run(
      function* () {
        const timers = [new Timer("1 hour", () => undefined), new Timer("2 hours", () => undefined)]
        return [timers, currentProcessor().timers] as const
      },
      { plugins: [virtualTime()] },
    )
    const [[timer], { size }] = left
    expect(size).toBe(0)
    expect([timer!.reset("1 hour"), timer!.stop(), left[1].size]).toEqual([false, false, 0])
  })

  it("starts its function also after main's end while the run waits for the others", async () => {
    let calls = 0
    await run(
      function* () {
        new Timer(10, () => calls++)
        go(sleep(20))
      },
      { plugins: [virtualTime()], remaining: "wait" },
    )
    expect(calls).toBe(1)
  })

  it("sends nothing to receivers", () =>
    runVirtual(function* () {
      const timer = new Timer(0, () => undefined)
      yield* sleep(10)
      expect(trySelect({ timer: timer.receive() })).toBeUndefined()
    }))

  it("can reset itself in the function", () =>
    runVirtual(function* () {
      const times: Array<number> = []
      const timer: Timer = new Timer(10, function* () {
        times.push((yield* new Timer(0).receive())!.getTime() - start)
        if (times.length < 3) timer.reset(10)
      })
      yield* sleep(100)
      expect(times).toEqual([10, 20, 30])
    }))

  it("refuses what is no function at the call", () => {
    for (const wrong of [5, "f", {}, null])
      expect(() => new Timer(10, wrong as unknown as () => void)).toThrow("pass a plain or generator function")
  })
})

describe("after", () => {
  it("counts from its call, not from the receive", () =>
    runVirtual(function* () {
      const timeout = after("30 millis")
      yield* sleep(20)
      const hit = yield* select({ timeout: timeout.receive(), time: sleep(20) })
      expect(hit).toEqual({ case: "timeout", value: at(30) })
    }))
})
