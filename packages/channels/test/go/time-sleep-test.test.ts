/**
 * Go's time/sleep_test.go. In virtual time "never early" and "not late" are exact; what has to hold on the host's own clock
 * runs on it, without a bound on how long it takes.
 */
import { after, chan, select, Timer } from "@weft/channels"
import { go, gosched, type Op, run, sleep } from "@weft/core"
import fc from "fast-check"
import { virtualTime } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"

const epoch = Date.UTC(2000, 0, 1)
const virtual = { time: "virtual" } as const

/** Virtual milliseconds since the run began. */
const now = (): Op<number> => new Timer(0).receive().map((time) => time!.getTime() - epoch)

describe("time/sleep_test", () => {
  underSchedules(
    "Sleep: sleeps exactly as long as it should, and an hour takes no time",
    function* () {
      for (const millis of [100, 3_600_000, 0.5, 1]) {
        const begin = yield* now()
        yield* sleep(millis)
        expect(Math.abs((yield* now()) - begin - millis)).toBeLessThan(1)
      }
    },
    virtual,
  )

  it("Sleep: is never early on the host's clock", () =>
    run(function* () {
      for (const millis of [1, 5, 20]) {
        const begin = performance.now()
        yield* sleep(millis)
        expect(performance.now() - begin).toBeGreaterThanOrEqual(millis)
      }
    }))

  it("After: is never early on the host's clock, and its value is the time", () =>
    run(function* () {
      const begin = Date.now()
      const fired = (yield* after(20).receive())!
      expect(fired.getTime() - begin).toBeGreaterThanOrEqual(19)
      expect(fired.getTime()).toBeLessThanOrEqual(Date.now())
    }))

  underSchedules(
    "AfterTick: ten in a row take ten times as long",
    function* () {
      for (let i = 0; i < 10; i++) yield* after(100).receive()
      expect(yield* now()).toBe(1000)
    },
    virtual,
  )

  underSchedules(
    "AfterFunc: chained functions all run, each after its delay",
    function* () {
      const done = chan<number>()
      let left = 10
      const again = () => {
        if (--left >= 0) new Timer(1, again)
        else
          new Timer(0, function* () {
            yield* done.send(yield* now())
          })
      }
      new Timer(0, again)
      expect(yield* done.receive()).toBe(10)
    },
    virtual,
  )

  it("AfterFuncStarvation: a timer's function runs although two goroutines never stop their ping-pong", () =>
    run(function* () {
      const [ping, pong] = [chan<boolean>(), chan<boolean>()]
      let stop = false
      const player = (from: typeof ping, to: typeof ping) =>
        go(function* () {
          for (;;) {
            const next = yield* from.next()
            if (!next.ok) break
            if (stop) break
            yield* to.send(true)
          }
          if (!to.closed) to.close()
        })
      const players = [player(ping, pong), player(pong, ping)]
      yield* ping.send(true)
      new Timer(20, () => {
        stop = true
      })
      for (const goroutine of players) yield* goroutine
      expect(stop).toBe(true)
    }))

  underSchedules(
    "AfterStop: a stopped timer never fires, and the second stop says false",
    function* () {
      let fired = 0
      new Timer(100, () => {
        fired++
      })
      const stopped = new Timer(50, () => expect.unreachable())
      const receiving = new Timer(200)
      expect([stopped.stop(), receiving.stop()]).toEqual([true, true])
      yield* sleep(1000)
      expect([stopped.stop(), receiving.stop(), fired]).toEqual([false, false, 1])
      expect(receiving.tryReceive()).toBeUndefined()
    },
    virtual,
  )

  underSchedules(
    "TimerStopStress: of timers that others stop late none fires",
    function* () {
      for (let i = 0; i < 20; i++) {
        go(function* () {
          const timer = new Timer("2 seconds", () => expect.unreachable())
          yield* sleep("1 second")
          expect(timer.stop()).toBe(true)
        })
      }
      yield* sleep("3 seconds")
    },
    virtual,
  )

  underSchedules(
    "AfterQueuing: 13 shuffled delays fire sorted",
    function* () {
      const slots = [5, 3, 6, 6, 6, 1, 1, 2, 7, 9, 4, 8, 0]
      const results = chan<readonly [number, number]>(slots.length)
      for (const slot of slots) {
        go(function* () {
          const fired = yield* after(slot * 100).receive()
          yield* results.send([slot, fired!.getTime() - epoch])
        })
      }
      const fired: Array<number> = []
      for (let i = 0; i < slots.length; i++) {
        const [slot, time] = yield* results.take()
        expect(time).toBe(slot * 100)
        fired.push(slot)
      }
      expect(fired).toEqual([...slots].sort((a, b) => a - b))
    },
    virtual,
  )

  it("SleepZeroDeadlock: zero sleeps never get lost", () =>
    run(function* () {
      const sleeper = go(function* () {
        for (let i = 0; i < 1_000_000; i++) yield* sleep(0)
        return "done"
      })
      for (let i = 0; i < 100; i++) {
        yield* sleep(i % 2)
        yield* gosched()
      }
      expect(yield* sleeper).toBe("done")
    }))

  it("ZeroTimer: zero timers never get lost, whether new, stopped or reset", () =>
    run(function* () {
      for (let i = 0; i < 100_000; i++) {
        const timer = new Timer(i % 3 === 0 ? 0 : -1)
        if (i % 5 === 0) {
          timer.stop()
          timer.reset(0)
        }
        yield* timer.receive()
      }
      const functions = chan<number>(100)
      for (let i = 0; i < 1000; i++) {
        new Timer(0, function* () {
          yield* functions.send(i)
        })
      }
      const seen = new Set<number>()
      for (let i = 0; i < 1000; i++) seen.add(yield* functions.take())
      expect(seen.size).toBe(1000)
    }))

  underSchedules(
    "Reset: true while it runs, not early, fires, then false",
    function* () {
      const timer = new Timer(100)
      yield* sleep(50)
      expect(timer.reset(150)).toBe(true)
      yield* sleep(100)
      expect(timer.tryReceive()).toBeUndefined()
      yield* sleep(50)
      expect(timer.tryReceive()?.ok).toBe(true)
      expect(timer.reset(50)).toBe(false)
      expect((yield* timer.receive())!.getTime() - epoch).toBe(250)
    },
    virtual,
  )

  it("OverflowSleep: a huge delay never fires, a negative one at once, on the host's clock", () =>
    run(function* () {
      const huge = [2 ** 31, 2 ** 53, Number.MAX_VALUE, Infinity]
      const woken: Array<string> = []
      const sleepers = huge.map((millis) =>
        go(function* () {
          yield* select({ sleep: sleep(millis), after: after(millis).receive() })
          woken.push(`after ${millis}`)
        }),
      )
      for (const millis of [-1, -(2 ** 31) - 1, -Infinity]) yield* after(millis).receive()
      yield* sleep(25)
      expect(woken).toEqual([])
      for (const sleeper of sleepers) sleeper.interrupt()
    }))

  underSchedules(
    "OverflowPeriodRuntimeTimer: a reset far beyond any date does not hold up other timers",
    function* () {
      const timer = new Timer(10)
      timer.reset(Number.MAX_VALUE)
      const waiting = go(function* () {
        yield* timer.receive()
      })
      yield* sleep(50)
      expect([waiting.status, yield* now()]).toEqual(["waiting", 50])
    },
    virtual,
  )

  it("Issue5745: a call that throws leaves other timers usable", () =>
    runVirtual(function* () {
      expect(() => new Timer("no duration" as "1 second")).toThrow()
      expect(() => after(Symbol("no duration") as unknown as number)).toThrow()
      expect(() => new Timer(1, 5 as unknown as () => void)).toThrow()
      expect((yield* after(10).receive())!.getTime() - epoch).toBe(10)
    }))

  it("TimerModifiedEarlier: one moved earlier fires then, among many others", () =>
    runVirtual(function* () {
      const past = new Timer(1)
      yield* past.receive()
      const others = [1, 2, 3].map((n) => new Timer(`${n} hours`))
      const moved = new Timer("10 hours")
      const receiving = go(function* () {
        return (yield* moved.receive())!.getTime() - epoch
      })
      yield* waitIdle()
      moved.reset(10)
      expect(yield* receiving).toBe(11)
      for (const other of others) expect(other.stop()).toBe(true)
    }))

  it("AdjustTimers: timers moved early and late at random fire at their last time, none lost", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 30 }),
        fc.array(fc.nat({ max: 20 }), { minLength: 5, maxLength: 5 }),
        async (moves, pauses) => {
          await run(
            function* () {
              const fired = new Map<number, number>()
              const expected = new Map<number, number>()
              const over = new Set<number>()
              const timers = moves.map(([first], id) => {
                const timer = new Timer(first! + 100)
                expected.set(id, first! + 100)
                go(function* () {
                  fired.set(id, (yield* timer.receive())!.getTime() - epoch)
                })
                return timer
              })
              let time = 0
              for (let round = 1; round < 5; round++) {
                yield* sleep(pauses[round]!)
                time += pauses[round]!
                timers.forEach((timer, id) => {
                  const move = moves[id]![round]
                  if (move === undefined) return
                  // One that has fired starts anew, and nobody receives from it again.
                  if (!timer.reset(move * 2)) over.add(id)
                  if (!over.has(id)) expected.set(id, time + move * 2)
                })
              }
              yield* sleep(1000)
              expect([...fired].sort()).toEqual([...expected].sort())
            },
            { plugins: [virtualTime()], deadlock: "fail" },
          )
        },
      ),
      { numRuns: 300 },
    ))

  for (const [name, answer] of [
    ["StopResult", (timer: Timer) => timer.stop()],
    ["ResetResult", (timer: Timer) => timer.reset("1 hour")],
  ] as const) {
    underSchedules(
      `${name}: of two equal timers it says false only where the value has been received`,
      function* () {
        for (let i = 0; i < 20; i++) {
          const [first, second] = [new Timer(10), new Timer(10)]
          const hit = yield* select({ first: first.receive(), second: second.receive() })
          const other = hit.case === "first" ? second : first
          const wasPrevented = answer(other)
          expect(wasPrevented).toBe(true)
          expect(other.tryReceive()).toBeUndefined()
          expect(answer(hit.case === "first" ? first : second)).toBe(false)
        }
      },
      virtual,
    )
  }
})
