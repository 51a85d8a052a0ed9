/** Every wait of the package is an op: it can be taken in a select, and lost without a trace. */
import { chan, select } from "@weft/channels"
import { go, never, type Op, sleep } from "@weft/core"
import { Barrier, ErrorGroup, Latch, RateLimiter, Semaphore, SingleFlight } from "@weft/sync"
import { describe, expect } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { waitIdle } from "../../../core/test/support/virtual.ts"

interface Waiting {
  readonly wait: Op<unknown>
  /** Makes it ready. */
  readonly end: () => void
  /** What it gives then. */
  readonly gives?: unknown
}

const waits: Readonly<Record<string, () => Waiting>> = {
  "Semaphore.acquire": () => {
    const semaphore = new Semaphore(2)
    semaphore.tryAcquire()
    return { wait: semaphore.acquire(2).map(() => "permits"), end: () => semaphore.release(), gives: "permits" }
  },
  "Semaphore.withPermits": () => {
    const semaphore = new Semaphore(1)
    semaphore.tryAcquire()
    return { wait: semaphore.withPermits(1, () => semaphore.free), end: () => semaphore.release(), gives: 0 }
  },
  "Barrier.wait": () => {
    const barrier = new Barrier(2)
    return { wait: barrier.wait(), end: () => void go(barrier.wait()), gives: 0 }
  },
  "Latch.wait": () => {
    const latch = new Latch(1)
    return { wait: latch.wait(), end: () => latch.countDown() }
  },
  "ErrorGroup.wait": () => {
    const group = new ErrorGroup()
    const done = chan<void>()
    group.go(function* () {
      yield* done.receive()
    })
    return { wait: group.wait(), end: () => done.close() }
  },
  "ErrorGroup.go": () => {
    const group = new ErrorGroup()
    const done = chan<void>()
    group.setLimit(1)
    group.go(function* () {
      yield* done.receive()
    })
    return { wait: group.go(function* () {}), end: () => done.close() }
  },
  "SingleFlight.do": () => {
    const flights = new SingleFlight<string, number | undefined>()
    const values = chan<number>(1)
    const work = function* () {
      return yield* values.receive()
    }
    return { wait: flights.do("key", work), end: () => void values.trySend(7), gives: { value: 7, shared: false } }
  },
}

describe("in a select", () => {
  for (const [name, make] of Object.entries(waits)) {
    underSchedules(
      `${name} is taken once it is ready, and not before`,
      function* () {
        const { end, gives, wait } = make()
        const selecting = go(function* () {
          return yield* select({ wait, never })
        })
        yield* waitIdle()
        expect(selecting.status).toBe("waiting")
        end()
        expect(yield* selecting).toEqual({ case: "wait", value: gives })
      },
      { time: "virtual", seeds: 20 },
    )

    underSchedules(
      `${name} that lost can be waited for again`,
      function* () {
        const { end, gives, wait } = make()
        expect((yield* select({ wait, late: sleep(1) })).case).toBe("late")
        const again = go(function* () {
          return yield* wait
        })
        yield* waitIdle()
        end()
        expect(yield* again).toEqual(gives)
      },
      { time: "virtual", seeds: 20 },
    )
  }

  underSchedules(
    "RateLimiter.wait is taken when its time has come, and gives its tokens back when it lost",
    function* () {
      const limiter = new RateLimiter(10, 1)
      yield* limiter.wait()
      expect((yield* select({ wait: limiter.wait(), late: sleep(99) })).case).toBe("late")
      expect((yield* select({ wait: limiter.wait(), late: sleep(99) })).case).toBe("wait")
      expect(limiter.tokens).toBeCloseTo(0, 9)
    },
    { time: "virtual", seeds: 20 },
  )
})
