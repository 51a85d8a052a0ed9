/** x/sync's semaphore/semaphore_test.go. */
import { select } from "@weft/channels"
import { context, type Context, currentProcessor, go, gosched, run, sleep } from "@weft/core"
import { ErrorGroup, Semaphore, WaitGroup } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { waitIdle } from "../../../core/test/support/virtual.ts"

const virtual = { time: "virtual" } as const

/** Go's `sem.Acquire(ctx, n)`: a context that has ended comes first. */
function* acquire(semaphore: Semaphore, ctx: Context, n: number) {
  const hit = yield* select.ordered({ done: ctx.done, acquired: semaphore.acquire(n) })
  return hit.case === "acquired" ? undefined : ctx.err
}

describe("x/sync/semaphore", () => {
  underSchedules(
    "Weighted: four goroutines of weights 0 to 3 hammer one of size 4",
    function* ({ isReal }) {
      const n = 4
      const loops = isReal ? 10_000 / n : 50
      const semaphore = new Semaphore(n)
      const wg = new WaitGroup()
      let held = 0
      for (let weight = 0; weight < n; weight++) {
        wg.go(function* () {
          for (let i = 0; i < loops; i++) {
            yield* semaphore.acquire(weight)
            held += weight
            expect(held).toBeLessThanOrEqual(n)
            yield* sleep(currentProcessor().scheduler.choose(3))
            held -= weight
            semaphore.release(weight)
          }
        })
      }
      yield* wg.wait()
      expect(semaphore.free).toBe(n)
    },
    virtual,
  )

  it("WeightedPanic: releasing what nobody acquired panics in Go's words", () => {
    expect(() => new Semaphore(1).release(1)).toThrow(/^semaphore: released more than held/)
  })

  it("WeightedNegativeSizePanic, WeightedNegativeWeightPanic: so do numbers below zero", () => {
    expect(() => new Semaphore(-1)).toThrow(/^semaphore: size < 0/)
    const semaphore = new Semaphore(1)
    expect(() => semaphore.acquire(-1)).toThrow(/^semaphore: n < 0/)
    expect(() => semaphore.tryAcquire(-1)).toThrow(/^semaphore: n < 0/)
    expect(() => semaphore.release(-1)).toThrow(/^semaphore: n < 0/)
  })

  it("WeightedZeroSize: gives zero permits", () => {
    expect(new Semaphore(0).tryAcquire(0)).toBe(true)
  })

  underSchedules("WeightedTryAcquire: true, false, true, false at size 2", function* () {
    const semaphore = new Semaphore(2)
    yield* semaphore.acquire()
    const tries = [semaphore.tryAcquire(), semaphore.tryAcquire()]
    semaphore.release(2)
    tries.push(semaphore.tryAcquire())
    yield* semaphore.acquire()
    tries.push(semaphore.tryAcquire())
    expect(tries).toEqual([true, false, true, false])
  })

  underSchedules(
    "WeightedAcquire: the same with a timeout of 10 ms",
    function* () {
      const semaphore = new Semaphore(2)
      const tryAcquire = function* () {
        const [ctx, cancel] = context.withTimeout(context.background, "10 millis")
        const error = yield* acquire(semaphore, ctx, 1)
        cancel()
        return error === undefined
      }
      yield* semaphore.acquire()
      const tries = [yield* tryAcquire(), yield* tryAcquire()]
      semaphore.release(2)
      tries.push(yield* tryAcquire())
      yield* semaphore.acquire()
      tries.push(yield* tryAcquire())
      expect(tries).toEqual([true, false, true, false])
    },
    virtual,
  )

  underSchedules(
    "WeightedDoesntBlockIfTooBig: one that wants more than there is blocks nobody",
    function* () {
      const n = 2
      const semaphore = new Semaphore(n)
      const tooBig = go(semaphore.acquire(n + 1))
      const group = new ErrorGroup()
      for (let i = n * 3; i > 0; i--) {
        group.go(function* () {
          yield* semaphore.acquire()
          yield* sleep(1)
          semaphore.release()
        })
      }
      yield* group.wait()
      expect(tooBig.status).toBe("waiting")
    },
    virtual,
  )

  underSchedules(
    "LargeAcquireDoesntStarve: one that wants all gets them though others come again and again",
    function* () {
      const n = 4
      const semaphore = new Semaphore(n)
      const wg = new WaitGroup()
      const state = { isRunning: true }
      for (let i = 0; i < n; i++) {
        yield* semaphore.acquire()
        wg.go(function* () {
          while (state.isRunning) {
            yield* sleep(1)
            semaphore.release()
            yield* semaphore.acquire()
          }
          semaphore.release()
        })
      }
      yield* semaphore.acquire(n)
      state.isRunning = false
      semaphore.release(n)
      yield* wg.wait()
      expect(semaphore.free).toBe(n)
    },
    virtual,
  )

  underSchedules("AllocCancelDoesntStarve: a cancelled front waiter lets those behind it go on", function* () {
    const semaphore = new Semaphore(10)
    yield* semaphore.acquire()
    const [ctx, cancel] = context.withCancel(context.background)
    const large = go(() => acquire(semaphore, ctx, 10))
    // Until it waits.
    while (semaphore.tryAcquire()) {
      semaphore.release()
      yield* gosched()
    }
    go(function* () {
      cancel()
    })
    yield* semaphore.acquire()
    semaphore.release()
    expect([yield* large, semaphore.free]).toEqual([ctx.err, 9])
  })

  underSchedules(
    "WeightedAcquireCanceled: cancelled first, it fails though there are enough, and takes nothing",
    function* () {
      const semaphore = new Semaphore(2)
      const [ctx, cancel] = context.withCancel(context.background)
      yield* semaphore.acquire()
      const releasing = go(function* () {
        while (semaphore.tryAcquire()) {
          semaphore.release()
          yield* gosched()
        }
        cancel()
        semaphore.release()
      })
      expect(yield* acquire(semaphore, ctx, 2)).toBe(ctx.err)
      yield* releasing
      expect(semaphore.tryAcquire(2)).toBe(true)
      semaphore.release(2)
      expect(yield* acquire(semaphore, ctx, 1)).toBe(ctx.err)
      yield* waitIdle()
      expect(semaphore.free).toBe(2)
    },
    virtual,
  )

  it("WeightedAcquireCanceled (a signal): the same for a promise", async () => {
    const semaphore = new Semaphore(2)
    const aborted = AbortSignal.abort("canceled")
    await expect(semaphore.acquire().promise(aborted)).rejects.toBe("canceled")
    expect(semaphore.free).toBe(2)
  })

  it("workerPool: the Collatz steps of 1 to 32, by at most four at a time", () =>
    run(function* () {
      const most = 4
      const semaphore = new Semaphore(most)
      const out = new Array<number>(32).fill(-1)
      let [working, mostWorking] = [0, 0]
      for (const i of out.keys()) {
        yield* semaphore.acquire()
        go(function* () {
          mostWorking = Math.max(mostWorking, ++working)
          out[i] = yield* collatzSteps(i + 1)
          working--
          semaphore.release()
        })
      }
      yield* semaphore.acquire(most)
      expect(out).toEqual([
        0, 1, 7, 2, 5, 8, 16, 3, 19, 6, 14, 9, 9, 17, 17, 4, 12, 20, 20, 7, 7, 15, 15, 10, 23, 10, 111, 18, 18, 18, 106,
        5,
      ])
      expect(mostWorking).toBe(most)
    }))
})

function* collatzSteps(n: number) {
  let steps = 0
  for (; n > 1; steps++) {
    n = n % 2 === 0 ? n / 2 : 3 * n + 1
    yield* gosched()
  }
  return steps
}
