import { context, currentProcessor, go, type Goroutine, gosched, Panic, run, runExit, sleep } from "@weft/core"
import { virtualTime } from "@weft/core/testing"
import { Effect, Exit } from "effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../core/test/support/thrown-by.ts"
import { underSchedules } from "../../core/test/support/under-schedules.ts"
import { runVirtual } from "../../core/test/support/virtual.ts"
import { InvalidAmount } from "./invalid-amount.ts"
import { RateLimiter, RateWaitExceedsBurst, RateWaitExceedsDeadline } from "./rate-limiter.ts"

const now = () => currentProcessor().clock.now()

/** Goroutines that wait for so many events each, in this order; gives when each was let through. */
function* waitInTurn(limiter: RateLimiter, numbers: ReadonlyArray<number>) {
  const waiting: Array<Goroutine<number>> = []
  for (const n of numbers) {
    waiting.push(
      go(function* () {
        yield* limiter.wait(n)
        return now()
      }),
    )
    // Until it waits, or has been let through.
    for (let i = 0; i < 20; i++) yield* gosched()
  }
  return waiting
}

function* all<A>(goroutines: ReadonlyArray<Goroutine<A>>) {
  const results: Array<A> = []
  for (const goroutine of goroutines) results.push(yield* goroutine)
  return results
}

describe("RateLimiter", () => {
  underSchedules(
    "lets the burst through, and then one event in each interval, in the order of the waits",
    function* () {
      const limiter = new RateLimiter(10, 3)
      expect(yield* all(yield* waitInTurn(limiter, [1, 1, 1, 1, 2, 1]))).toEqual([0, 0, 0, 100, 300, 400])
      yield* sleep(1000)
      expect(limiter.tokens).toBe(3)
    },
    { time: "virtual" },
  )

  it("allows what there are tokens for, now", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(10, 3)
      expect([limiter.allow(2), limiter.allow(2), limiter.allow(), limiter.allow(), limiter.allow(0)]).toEqual([
        true,
        false,
        true,
        false,
        true,
      ])
      yield* sleep(50)
      expect([limiter.tokens, limiter.allow()]).toEqual([0.5, false])
      yield* sleep(50)
      expect([limiter.allow(), limiter.tokens]).toEqual([true, 0])
      yield* sleep("1 hour")
      expect([limiter.allow(4), limiter.allow(3)]).toEqual([false, true])
    }))

  it("lets nobody pass those who wait: what they wait for is spent", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(10, 2)
      const waiting = yield* waitInTurn(limiter, [2, 2])
      expect([limiter.tokens, limiter.allow(0)]).toEqual([-2, false])
      yield* sleep(200)
      expect([limiter.tokens, limiter.allow()]).toEqual([0, false])
      expect(yield* all(waiting)).toEqual([0, 200])
    }))

  it("gives back the tokens of the last wait when it is withdrawn", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(10, 2)
      const [, first, last] = yield* waitInTurn(limiter, [2, 1, 2])
      last!.interrupt()
      expect(limiter.tokens).toBe(-1)
      expect(yield* all(yield* waitInTurn(limiter, [2]))).toEqual([300])
      expect(yield* first!).toBe(100)
    }))

  it("keeps the times of those behind one that is withdrawn, and gives back what they don't count on", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(10, 2)
      const [, large, small] = yield* waitInTurn(limiter, [2, 2, 1])
      large!.interrupt()
      expect(limiter.tokens).toBe(-2)
      expect(yield* all(yield* waitInTurn(limiter, [1]))).toEqual([300])
      expect(yield* small!).toBe(300)
    }))

  it("gives nothing back for a wait that was let through, though its goroutine is interrupted before it runs", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(10, 1)
      const [, waiting] = yield* waitInTurn(limiter, [1, 1])
      yield* sleep(100)
      waiting!.interrupt()
      yield* gosched()
      expect([limiter.tokens, currentProcessor().timers.size]).toEqual([0, 0])
    }))

  it("lets everything through without a limit, whatever the burst", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(Infinity, 0)
      yield* limiter.wait(1000)
      expect([limiter.allow(1000), limiter.reserve(1000).delay, now()]).toEqual([true, 0, 0])
      limiter.reserve(5).cancel()
      expect(limiter.tokens).toBe(0)
    }))

  it("lets what is left through with a limit of zero, and then nobody, until they are withdrawn", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(0, 1)
      const [first, second] = yield* waitInTurn(limiter, [1, 1])
      expect(yield* first!).toBe(0)
      yield* sleep("1 hour")
      expect([second!.waitReason, second!.waitDetail]).toEqual([
        "sync.RateLimiter.Wait",
        "1 of a rate limiter (0 a second, burst 1)",
      ])
      second!.interrupt()
      expect(limiter.tokens).toBe(0)
      limiter.setLimit(10)
      expect(yield* all(yield* waitInTurn(limiter, [1]))).toEqual([3_600_100])
    }))

  it("counts what was gained before limit or burst change, and keeps the times of those who wait", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(10, 2)
      const [, early] = yield* waitInTurn(limiter, [2, 1])
      yield* sleep(50)
      limiter.setLimit(100)
      expect([limiter.limit, limiter.tokens]).toEqual([100, -0.5])
      yield* sleep(5)
      expect(limiter.tokens).toBe(0)
      limiter.setBurst(5)
      yield* sleep(1000)
      expect([limiter.burst, limiter.tokens, yield* early!]).toEqual([5, 5, 100])
      limiter.setBurst(1)
      expect(limiter.tokens).toBe(1)
    }))

  it("refuses a wait for more than the burst, and takes nothing", () =>
    run(function* () {
      const limiter = new RateLimiter(10, 3)
      const wait = limiter.wait(4)
      const error = yield* thrownBy(wait)
      expect(error).toBeInstanceOf(Panic)
      expect(error).toBeInstanceOf(RateWaitExceedsBurst)
      expect(error).toMatchObject({
        message: "rate: Wait(n=4) exceeds limiter's burst 3; wait for fewer at a time, or make the burst larger",
        fields: { n: 4, burst: 3 },
      })
      limiter.setBurst(4)
      expect(limiter.tokens).toBeGreaterThanOrEqual(3)
      yield* wait
    }))

  it("refuses numbers that are none", () => {
    const limiter = new RateLimiter(1, 1)
    for (const n of [-1, 0.5, NaN, Infinity]) {
      for (const call of [
        () => limiter.allow(n),
        () => limiter.reserve(n),
        () => limiter.wait(n),
        () => limiter.setBurst(n),
        () => new RateLimiter(1, n),
      ])
        expect(call).toThrow(InvalidAmount)
    }
    for (const limit of [-1, NaN, undefined, "1"] as Array<number>) {
      expect(() => new RateLimiter(limit, 1)).toThrow(InvalidAmount)
      expect(() => limiter.setLimit(limit)).toThrow(InvalidAmount)
    }
    expect(() => new RateLimiter(-1, 1)).toThrow(
      "rate: limit < 0 (-1); pass a number of events a second from 0 on, or Infinity",
    )
    expect(() => limiter.setLimit("1" as never)).toThrow(/^rate: limit is no number \("1"\); pass a number of events/)
    expect([limiter.limit, limiter.burst]).toEqual([1, 1])
  })

  it("makes a limit of an interval", () => {
    expect([
      RateLimiter.every("100 millis"),
      RateLimiter.every(2500),
      RateLimiter.every(0),
      RateLimiter.every(-5),
    ]).toEqual([10, 0.4, Infinity, Infinity])
  })

  it("goes by the time of whoever uses it: made outside any run, it is as good in virtual time", async () => {
    const limiter = new RateLimiter(10, 1)
    for (let i = 0; i < 2; i++) {
      await runVirtual(function* () {
        yield* limiter.wait()
        for (let n = 1; n < 4; n++) {
          yield* limiter.wait()
          expect(now()).toBe(n * 100)
        }
        yield* sleep(100)
        expect(limiter.allow(0)).toBe(true)
      })
      // Not by the host's: there all that took no time at all.
      expect(limiter.tokens).toBe(1)
    }
  })

  it("keeps a reservation's time when the clock changes", async () => {
    // So slow that the host's time makes no difference.
    const limiter = new RateLimiter(0.001, 1)
    limiter.allow()
    const [early, late] = [limiter.reserve(), limiter.reserve()]
    await runVirtual(function* () {
      expect(limiter.tokens).toBeCloseTo(-2, 1)
      const { delay } = late
      expect(delay).toBeGreaterThan(1_000_000)
      yield* sleep(delay)
      expect([early.delay, late.delay]).toEqual([0, 0])
      const last = limiter.reserve()
      last.cancel()
      expect(limiter.tokens).toBeCloseTo(0, 9)
    })
  })

  it("waits in an Effect and as a promise, which a signal withdraws", async () => {
    const limiter = new RateLimiter(1000, 2)
    await Effect.runPromise(Effect.andThen(limiter.wait(2), limiter.wait()))
    const slow = new RateLimiter(0.001, 1)
    await slow.wait().promise()
    const abort = new AbortController()
    const waiting = slow.wait().promise(abort.signal)
    expect(slow.tokens).toBeLessThan(-0.9)
    abort.abort(new Error("enough"))
    await expect(waiting).rejects.toThrow("enough")
    expect(slow.tokens).toBeGreaterThanOrEqual(0)
  })
})

describe("RateLimiter.wait with a context", () => {
  it("fails at once, typed, where it would wait beyond the deadline; nothing is taken", async () => {
    const exit = await runExit(
      function* () {
        const limiter = new RateLimiter(10, 3)
        const [ctx] = context.withTimeout(context.background, 150)
        yield* limiter.wait(3, ctx)
        yield* limiter.wait(1, ctx)
        expect(now()).toBe(100)
        const error = yield* thrownBy(limiter.wait(2, ctx))
        expect([now(), limiter.tokens]).toEqual([100, 0])
        expect(error).toBeInstanceOf(RateWaitExceedsDeadline)
        expect(error).toMatchObject({
          n: 2,
          message: "rate: Wait(n=2) would exceed context deadline; give it more time, or do without",
        })
        yield* limiter.wait(1, ctx)
      },
      { plugins: [virtualTime()] },
    )
    expect(exit).toEqual(Exit.fail(new RateWaitExceedsDeadline(1)))
  })

  it("fails for a context that has ended, though there are tokens, and takes none", () =>
    run(function* () {
      const limiter = new RateLimiter(10, 3)
      const [ctx, cancel] = context.withCancel(context.background)
      cancel("enough")
      expect(yield* thrownBy(limiter.wait(1, ctx))).toBe(ctx.err)
      expect(limiter.tokens).toBe(3)
    }))

  it("fails when the context ends meanwhile, and gives its tokens back", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(10, 3)
      const [ctx, cancel] = context.withCancel(context.background)
      yield* limiter.wait(3, ctx)
      const waiting = go(() => thrownBy(limiter.wait(3, ctx)))
      yield* sleep(100)
      expect(limiter.tokens).toBe(-2)
      cancel()
      expect(yield* waiting).toBe(ctx.err)
      expect([limiter.tokens, currentProcessor().timers.size]).toEqual([1, 0])
    }))

  it("leaves the context when it is let through, and when it is withdrawn", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(10, 1)
      const [ctx, cancel] = context.withCancel(context.background)
      yield* limiter.wait(1, ctx)
      const thenSleep = function* () {
        try {
          yield* limiter.wait(1, ctx)
        } finally {
          yield* sleep(1000)
        }
        return now()
      }
      const [served, withdrawn] = [go(thenSleep), go(thenSleep)]
      yield* sleep(150)
      withdrawn.interrupt()
      yield* gosched()
      expect(limiter.tokens).toBe(0.5)
      // Both sleep by now: the context's end must not reach them there.
      cancel()
      expect(yield* served).toBe(1100)
      yield* thrownBy(withdrawn.join())
      expect(now()).toBe(1150)
    }))
})

describe("a reservation", () => {
  it("says how long to wait, and takes the tokens in advance", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(10, 2)
      const [first, second, third] = [limiter.reserve(2), limiter.reserve(), limiter.reserve(2)]
      expect([first.delay, second.delay, third.delay, limiter.tokens]).toEqual([0, 100, 300, -3])
      yield* sleep(150)
      expect([second.delay, third.delay]).toEqual([0, 150])
      yield* sleep(third.delay)
      expect([now(), limiter.tokens]).toEqual([300, 0])
    }))

  it("is not ok for more than the burst: it has no time, and took nothing", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(10, 2)
      const reservation = limiter.reserve(3)
      expect([reservation.ok, reservation.delay, limiter.tokens, limiter.reserve().ok]).toEqual([
        false,
        Infinity,
        2,
        true,
      ])
      reservation.cancel()
      expect(limiter.tokens).toBe(1)
    }))

  it("gives its tokens back once, and none when its time has come", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(10, 2)
      limiter.reserve(2)
      const [late, cancelled] = [limiter.reserve(), limiter.reserve()]
      cancelled.cancel()
      cancelled.cancel()
      expect(limiter.tokens).toBe(-1)
      yield* sleep(101)
      late.cancel()
      expect(limiter.tokens).toBeCloseTo(0.01, 9)
    }))
})
