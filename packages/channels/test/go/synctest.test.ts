/**
 * Go's internal/synctest, as far as `virtualTime()` is all that it takes: a bubble is a run of its own, and its clock the run's.
 */
import { after, chan, select, Timer } from "@weft/channels"
import { go, gosched, type Op, run, sleep, type Yieldable } from "@weft/core"
import { seeded, virtualTime } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { runVirtual } from "../../../core/test/support/virtual.ts"

const epoch = Date.UTC(2000, 0, 1)
const virtual = { time: "virtual" } as const

/** What the run's clock shows. */
const now = (): Op<number> => new Timer(0).receive().map((time) => time!.getTime())

/** All results of a program under many seeds. */
async function outcomes<T>(program: () => Generator<Op<unknown>, T, never>): Promise<Set<T>> {
  const seen = new Set<T>()
  for (let seed = 1; seed <= 100; seed++)
    seen.add(await run(program as () => Generator<never, T, never>, { plugins: [seeded(seed), virtualTime()] }))
  return seen
}

describe("internal/synctest", () => {
  underSchedules(
    "Now: the clock starts at midnight UTC of 2000-01-01, and shows one time to all",
    function* () {
      expect(yield* now()).toBe(epoch)
      const other = go(function* () {
        yield* sleep(1000)
        return yield* now()
      })
      yield* sleep(1000)
      expect([yield* now(), yield* other]).toEqual([epoch + 1000, epoch + 1000])
    },
    virtual,
  )

  it("RunEmpty: a main that does nothing ends, and nothing is left", () =>
    run(function* () {}, { plugins: [virtualTime()], onLeak: ({ message }) => expect.unreachable(message) }))

  underSchedules(
    "MonotonicClock: stands still while somebody can run, and then shows exactly the time slept",
    function* () {
      const begin = yield* now()
      for (let i = 0; i < 1000; i++) yield* gosched()
      expect(yield* now()).toBe(begin)
      let slept = 0
      for (const millis of [1, 1000, 86_400_000]) {
        yield* sleep(millis)
        slept += millis
        expect((yield* now()) - begin).toBe(slept)
      }
    },
    virtual,
  )

  underSchedules(
    "TimeAfter: chained delays take their sum, and side by side the longest",
    function* () {
      const begin = yield* now()
      for (let i = 1; i <= 10; i++) yield* after(i).receive()
      expect((yield* now()) - begin).toBe(55)
      const delays = Array.from({ length: 10 }, (_, i) => after(10 - i))
      for (const delay of delays) yield* delay.receive()
      expect((yield* now()) - begin).toBe(65)
    },
    virtual,
  )

  underSchedules(
    "TimerReadBeforeDeadline: who waits already gets the time it was due",
    function* () {
      const timer = new Timer(5000)
      const waiting = go(function* () {
        return (yield* timer.receive())!.getTime()
      })
      expect(yield* waiting).toBe(epoch + 5000)
      expect(yield* now()).toBe(epoch + 5000)
    },
    virtual,
  )

  underSchedules(
    "TimerReadAfterDeadline: who comes later gets the time it was due, at once",
    function* () {
      const timer = new Timer(1000)
      yield* sleep(2000)
      expect((yield* timer.receive())!.getTime()).toBe(epoch + 1000)
      expect(yield* now()).toBe(epoch + 2000)
    },
    virtual,
  )

  underSchedules(
    "TimerReset: counts from the reset, and what was due before it is gone",
    function* () {
      const timer = new Timer(1000)
      expect((yield* timer.receive())!.getTime()).toBe(epoch + 1000)
      expect(timer.reset(2000)).toBe(false)
      expect((yield* timer.receive())!.getTime()).toBe(epoch + 3000)
      expect(timer.reset(3000)).toBe(false)
      yield* sleep(1000)
      expect(timer.reset(3000)).toBe(true)
      expect((yield* timer.receive())!.getTime()).toBe(epoch + 7000)
    },
    virtual,
  )

  underSchedules(
    "TimerRunsImmediately: a timer of no time is ready, and the clock does not move for it",
    function* () {
      for (const millis of [0, -1, -1000]) expect((yield* new Timer(millis).receive())!.getTime()).toBe(epoch)
      expect(yield* now()).toBe(epoch)
    },
    virtual,
  )

  underSchedules(
    "TimerRanInPast: one that came due before anybody looked has its value still, and stop says it is unread",
    function* () {
      const [read, stopped] = [new Timer(1000), new Timer(1000)]
      yield* sleep(1_000_000)
      expect(read.tryReceive()?.value?.getTime()).toBe(epoch + 1000)
      expect(read.stop()).toBe(false)
      expect(stopped.stop()).toBe(true)
      expect(stopped.tryReceive()).toBeUndefined()
    },
    virtual,
  )

  it("TimerAfterBubbleExit: no timer fires once main has returned", async () => {
    let fired = 0
    const timers: Array<Timer> = []
    for (const millis of [0, 1, 1000]) {
      await runVirtual(function* () {
        timers.push(new Timer(millis, () => fired++))
      })
    }
    await run(function* () {
      yield* sleep(5)
    })
    expect([fired, timers.length]).toEqual([0, 3])
  })

  underSchedules(
    "AfterFuncRunsImmediately: a function of no delay runs before the clock moves, and never at the call",
    function* () {
      const ran = chan<number>(1)
      let isCalled = false
      new Timer(0, function* () {
        isCalled = true
        yield* ran.send(yield* now())
      })
      expect(isCalled).toBe(false)
      expect(yield* ran.receive()).toBe(epoch)
    },
    virtual,
  )

  it("TimerNondeterminism: of two timers due at one moment either may win a select", async () => {
    const winners = await outcomes(function* () {
      const [a, b] = [new Timer(1000), new Timer(1000)]
      return (yield* select({ a: a.receive(), b: b.receive() })).case
    })
    expect([...winners].sort()).toEqual(["a", "b"])
  })

  it("SleepNondeterminism: of two that sleep until one moment either may wake first", async () => {
    const orders = await outcomes(function* () {
      const woken = chan<string>(2)
      for (const name of ["a", "b"])
        go(function* () {
          yield* sleep(1000)
          yield* woken.send(name)
        })
      return `${yield* woken.receive()}${yield* woken.receive()}`
    })
    expect([...orders].sort()).toEqual(["ab", "ba"])
  })

  underSchedules(
    "IteratorPush: a generator that sleeps between its values goes on virtual time",
    function* () {
      const seen: Array<readonly [number, number]> = []
      function* sequence(yieldTo: (i: number) => Generator<Yieldable, void, unknown>) {
        for (let i = 1; i <= 3; i++) {
          yield* sleep(i * 1000)
          yield* yieldTo(i)
        }
      }
      yield* sequence(function* (i) {
        seen.push([i, ((yield* now()) - epoch) / 1000])
      })
      expect(seen).toEqual([
        [1, 1],
        [2, 3],
        [3, 6],
      ])
    },
    virtual,
  )

  underSchedules(
    "IteratorPull: so does one that another goroutine pulls",
    function* () {
      const values = chan<number>()
      go(function* () {
        for (let i = 1; i <= 3; i++) {
          yield* sleep(i * 1000)
          yield* values.send(i)
        }
        values.close()
      })
      const seen: Array<readonly [number, number]> = []
      for (;;) {
        const next = yield* values.next()
        if (!next.ok) break
        seen.push([next.value, ((yield* now()) - epoch) / 1000])
      }
      expect(seen).toEqual([
        [1, 1],
        [2, 3],
        [3, 6],
      ])
    },
    virtual,
  )
})
