/** x/time's rate/rate_test.go. Where Go's tests give the time of each call, a clock that is set by hand gives it here. */
import { type Clock, context, type Context, currentProcessor, go, type Plugin, run, sleep } from "@weft/core"
import { RateLimiter, type Reservation, WaitGroup } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { runVirtual } from "../../../core/test/support/virtual.ts"

const d = 100
const virtual = { time: "virtual" } as const

/** Set by hand, backwards too. */
class HandClock implements Clock {
  time = 0

  now(): number {
    return this.time
  }
  wallNow(): number {
    return this.time
  }
  wakeAt(): void {}
  jump(): boolean {
    return false
  }
}

type At = (d: number) => void

/** Runs a test in which `at(n)` makes it the time n times 100 ms. */
function atTimes(test: (at: At) => void): Promise<void> {
  const clock = new HandClock()
  const plugin: Plugin = { name: "hand clock", setup: (runtime) => runtime.setClock(clock) }
  return run(
    function* () {
      test((n) => {
        clock.time = n * d
      })
    },
    { plugins: [plugin] },
  )
}

/** [time, tokens then, how many to allow, whether they are]. */
type Allow = readonly [time: number, tokens: number, n: number, ok: boolean]

function allowAll(limiter: RateLimiter, at: At, allows: ReadonlyArray<Allow>): void {
  for (const [i, [time, tokens, n, ok]] of allows.entries()) {
    at(time)
    expect([i, limiter.tokens, limiter.allow(n)]).toEqual([i, tokens, ok])
  }
}

/** Reserves at a time; expects the time to act, undefined for no reservation. */
function reserveAt(limiter: RateLimiter, at: At, time: number, n: number, act: number | undefined): Reservation {
  at(time)
  const reservation = limiter.reserve(n)
  expect(reservation.ok ? time + Math.round(reservation.delay / d) : undefined).toBe(act)
  return reservation
}

describe("x/time/rate", () => {
  it("Limit: ten events a second are not infinitely many", () => {
    expect(new RateLimiter(10, 1).limit).toBe(10)
    expect(new RateLimiter(Infinity, 1).limit).toBe(Infinity)
  })

  it("Every: makes a limit of an interval", () => {
    const cases: ReadonlyArray<readonly [number, number]> = [
      [0, Infinity],
      [-1, Infinity],
      [1e-6, 1e9],
      [1e-3, 1e6],
      [1, 1e3],
      [10, 100],
      [100, 10],
      [1000, 1],
      [2000, 0.5],
      [2500, 0.4],
      [4000, 0.25],
      [10_000, 0.1],
      [9.223372036854775e12, 1e12 / 9.223372036854775e21],
    ]
    for (const [interval, limit] of cases) {
      if (limit === Infinity) expect(RateLimiter.every(interval)).toBe(limit)
      else expect(RateLimiter.every(interval) / limit).toBeCloseTo(1, 9)
    }
  })

  it("LimiterBurst1: one at a time", () =>
    atTimes((at) => {
      allowAll(new RateLimiter(10, 1), at, [
        [0, 1, 1, true],
        [0, 0, 1, false],
        [0, 0, 1, false],
        [1, 1, 1, true],
        [1, 0, 1, false],
        [1, 0, 1, false],
        [2, 1, 2, false],
        [2, 1, 1, true],
        [2, 0, 1, false],
      ])
    }))

  it("LimiterBurst3: three at a time, and not more than have been gained since", () =>
    atTimes((at) => {
      allowAll(new RateLimiter(10, 3), at, [
        [0, 3, 2, true],
        [0, 1, 2, false],
        [0, 1, 1, true],
        [0, 0, 1, false],
        [1, 1, 4, false],
        [2, 2, 1, true],
        [3, 2, 1, true],
        [4, 2, 1, true],
        [4, 1, 1, true],
        [4, 0, 1, false],
        [4, 0, 1, false],
        [9, 3, 3, true],
        [9, 0, 0, true],
      ])
    }))

  it("LimiterJumpBackwards: a clock that goes back takes no tokens", () =>
    atTimes((at) => {
      allowAll(new RateLimiter(10, 3), at, [
        [1, 3, 1, true],
        [0, 2, 1, true],
        [0, 1, 1, true],
        [0, 0, 1, false],
        [0, 0, 1, false],
        [1, 1, 1, true],
        [1, 0, 1, false],
        [1, 0, 1, false],
        [2, 1, 1, true],
        [2, 0, 1, false],
        [2, 0, 1, false],
      ])
    }))

  it("Limiter_noTruncationErrors: an odd limit has its first token", () => {
    expect(new RateLimiter(0.7692307692307693, 1).allow()).toBe(true)
  })

  underSchedules("SimultaneousRequests: of fifteen, exactly the burst of five", function* () {
    const limiter = new RateLimiter(1, 5)
    const wg = new WaitGroup()
    let ok = 0
    for (let i = 0; i < 15; i++) {
      wg.go(function* () {
        if (limiter.allow()) ok++
      })
    }
    yield* wg.wait()
    expect(ok).toBe(5)
  })

  underSchedules(
    "LongRunningQPS: over five seconds the burst and 100 a second, no more and hardly less",
    function* () {
      const limiter = new RateLimiter(100, 100)
      let ok = 0
      while (currentProcessor().clock.now() < 5000) {
        if (limiter.allow()) ok++
        yield* sleep(2)
      }
      const ideal = 100 + 100 * 5
      expect(ok).toBeLessThanOrEqual(ideal + 1)
      expect(ok).toBeGreaterThanOrEqual(Math.trunc(0.999 * ideal))
    },
    { ...virtual, seeds: 5 },
  )

  it("SimpleReserve: each after the other", () =>
    atTimes((at) => {
      const limiter = new RateLimiter(10, 2)
      reserveAt(limiter, at, 0, 2, 0)
      reserveAt(limiter, at, 0, 2, 2)
      reserveAt(limiter, at, 3, 2, 4)
    }))

  it("Mix: reservations and tries", () =>
    atTimes((at) => {
      const limiter = new RateLimiter(10, 2)
      reserveAt(limiter, at, 0, 3, undefined)
      reserveAt(limiter, at, 0, 2, 0)
      allowAll(limiter, at, [[1, 1, 2, false]])
      reserveAt(limiter, at, 1, 2, 2)
      allowAll(limiter, at, [[1, -1, 1, false]])
      allowAll(limiter, at, [[3, 1, 1, true]])
    }))

  it("CancelInvalid: what is no reservation gives nothing back", () =>
    atTimes((at) => {
      const limiter = new RateLimiter(10, 2)
      reserveAt(limiter, at, 0, 2, 0)
      reserveAt(limiter, at, 0, 3, undefined).cancel()
      reserveAt(limiter, at, 0, 2, 2)
    }))

  it("CancelLast: the last one gives all of it back", () =>
    atTimes((at) => {
      const limiter = new RateLimiter(10, 2)
      reserveAt(limiter, at, 0, 2, 0)
      const last = reserveAt(limiter, at, 0, 2, 2)
      at(1)
      last.cancel()
      reserveAt(limiter, at, 1, 2, 2)
    }))

  it("CancelTooLate: once its time has come it gives nothing back", () =>
    atTimes((at) => {
      const limiter = new RateLimiter(10, 2)
      reserveAt(limiter, at, 0, 2, 0)
      const late = reserveAt(limiter, at, 0, 2, 2)
      at(3)
      late.cancel()
      reserveAt(limiter, at, 3, 2, 4)
    }))

  it("Cancel0Tokens: all of it counted on by a later one", () =>
    atTimes((at) => {
      const limiter = new RateLimiter(10, 2)
      reserveAt(limiter, at, 0, 2, 0)
      const middle = reserveAt(limiter, at, 0, 1, 1)
      reserveAt(limiter, at, 0, 1, 2)
      at(0)
      middle.cancel()
      reserveAt(limiter, at, 0, 1, 3)
    }))

  it("Cancel1Token: half of it counted on by a later one", () =>
    atTimes((at) => {
      const limiter = new RateLimiter(10, 2)
      reserveAt(limiter, at, 0, 2, 0)
      const middle = reserveAt(limiter, at, 0, 2, 2)
      reserveAt(limiter, at, 0, 1, 3)
      at(2)
      middle.cancel()
      reserveAt(limiter, at, 2, 2, 4)
    }))

  it("CancelMulti: two of three", () =>
    atTimes((at) => {
      const limiter = new RateLimiter(10, 4)
      reserveAt(limiter, at, 0, 4, 0)
      const a = reserveAt(limiter, at, 0, 3, 3)
      reserveAt(limiter, at, 0, 1, 4)
      const c = reserveAt(limiter, at, 0, 1, 5)
      at(1)
      c.cancel()
      a.cancel()
      reserveAt(limiter, at, 1, 3, 5)
    }))

  it("ReserveJumpBack: reservations while the clock goes back", () =>
    atTimes((at) => {
      const limiter = new RateLimiter(10, 2)
      reserveAt(limiter, at, 1, 2, 1)
      reserveAt(limiter, at, 0, 1, 1)
      reserveAt(limiter, at, 2, 2, 3)
      reserveAt(limiter, at, 0, 3, undefined)
      reserveAt(limiter, at, 2, 1, 4)
      reserveAt(limiter, at, 2, 1, 5)
    }))

  it("ReserveJumpBackCancel: one cancelled after the clock went back", () =>
    atTimes((at) => {
      const limiter = new RateLimiter(10, 2)
      reserveAt(limiter, at, 1, 2, 1)
      const middle = reserveAt(limiter, at, 1, 2, 3)
      reserveAt(limiter, at, 1, 1, 4)
      at(0)
      middle.cancel()
      reserveAt(limiter, at, 1, 2, 4)
    }))

  it("ReserveSetLimit: what was reserved before keeps its time", () =>
    atTimes((at) => {
      const limiter = new RateLimiter(5, 2)
      reserveAt(limiter, at, 0, 2, 0)
      reserveAt(limiter, at, 0, 2, 4)
      at(2)
      limiter.setLimit(10)
      reserveAt(limiter, at, 2, 1, 4)
    }))

  it("ReserveSetBurst: likewise", () =>
    atTimes((at) => {
      const limiter = new RateLimiter(5, 2)
      reserveAt(limiter, at, 0, 2, 0)
      reserveAt(limiter, at, 0, 2, 4)
      at(3)
      limiter.setBurst(4)
      reserveAt(limiter, at, 0, 4, 9)
    }))

  it("ReserveSetLimitCancel: gives back by the limit at which it was reserved", () =>
    atTimes((at) => {
      const limiter = new RateLimiter(5, 2)
      reserveAt(limiter, at, 0, 2, 0)
      const last = reserveAt(limiter, at, 0, 2, 4)
      at(2)
      limiter.setLimit(10)
      last.cancel()
      reserveAt(limiter, at, 2, 2, 3)
    }))

  it("ReserveMax: no reservation beyond a deadline, and nothing is taken for it", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(10, 2)
      const [ctx] = context.withTimeout(context.background, d)
      yield* limiter.wait(2, ctx)
      const soon = go(limiter.wait(1, ctx))
      yield* sleep(1)
      expect(yield* thrownBy(limiter.wait(1, ctx))).toMatchObject({ name: "RateWaitExceedsDeadline" })
      yield* soon
      expect([currentProcessor().clock.now(), limiter.tokens]).toEqual([d, 0])
    }))

  it("WaitSimple: an ended context and more than the burst fail at once; what is there is given at once, what is not in time", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(10, 3)
      const [ctx, cancel] = context.withCancel(context.background)
      cancel()
      expect(yield* wait(limiter, 1, ctx)).toEqual([ctx.err, 0])
      expect(yield* wait(limiter, 4)).toMatchObject([
        { message: expect.stringMatching(/^rate: Wait\(n=4\) exceeds limiter's burst 3/) as string },
        0,
      ])
      expect(yield* wait(limiter, 2)).toEqual([undefined, 0])
      expect(yield* wait(limiter, 3)).toEqual([undefined, 2])
    }))

  it("WaitCancel: a context that ends meanwhile; the tokens come back", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(10, 3)
      const [ctx, cancel] = context.withCancel(context.background)
      expect(yield* wait(limiter, 2, ctx)).toEqual([undefined, 0])
      go(function* () {
        yield* sleep(d)
        cancel()
      })
      expect(yield* wait(limiter, 3, ctx)).toEqual([ctx.err, 1])
      expect(limiter.tokens).toBe(2)
      expect(yield* wait(limiter, 2)).toEqual([undefined, 0])
    }))

  it("WaitTimeout: a deadline that would pass fails at once", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(10, 3)
      const [ctx, cancel] = context.withTimeout(context.background, d)
      expect(yield* wait(limiter, 2, ctx)).toEqual([undefined, 0])
      expect(yield* wait(limiter, 3, ctx)).toMatchObject([
        { message: expect.stringMatching(/^rate: Wait\(n=3\) would exceed context deadline/) as string },
        0,
      ])
      cancel()
    }))

  it("WaitInf: without a limit the burst does not count", () =>
    runVirtual(function* () {
      expect(yield* wait(new RateLimiter(Infinity, 0), 3)).toEqual([undefined, 0])
    }))

  it("LimiterZeroLimit: the first token and no other", () => {
    const limiter = new RateLimiter(0, 1)
    expect([limiter.allow(), limiter.allow()]).toEqual([true, false])
  })

  it("LimiterSetAfterZeroLimit: another limit fills it again", () =>
    runVirtual(function* () {
      const limiter = new RateLimiter(0, 1)
      expect([limiter.allow(), limiter.allow()]).toEqual([true, false])
      limiter.setLimit(10)
      expect(yield* wait(limiter, 1)).toEqual([undefined, 1])
    }))

  it("LimiterTinyLimit: a limit that fills it in centuries", () => {
    const limiter = new RateLimiter(1e-10, 1)
    expect([limiter.allow(), limiter.allow()]).toEqual([true, false])
  })
})

/** What the wait fails with, and after how many times 100 ms it ended. */
function* wait(limiter: RateLimiter, n: number, ctx?: Context) {
  const { clock } = currentProcessor()
  const start = clock.now()
  const error = yield* thrownBy(ctx === undefined ? limiter.wait(n) : limiter.wait(n, ctx))
  return [error, (clock.now() - start) / d] as const
}
