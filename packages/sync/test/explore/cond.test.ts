/** A Cond in every schedule. */
import { select } from "@weft/channels"
import { type Context, context, go, type Goroutine, gosched, never } from "@weft/core"
import { explore, invariant } from "@weft/core/testing"
import { Cond, Mutex } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { expectNothingLeft } from "../../../core/test/support/left-over.ts"
import { planted } from "../../../core/test/support/planted.ts"
import { byChance } from "../../../core/test/support/soak.ts"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"

class Queue {
  readonly mutex = new Mutex()
  readonly cond = new Cond(this.mutex)
  readonly items: Array<number> = []
  readonly taken: Array<number> = []
}

function* put(queue: Queue, item: number) {
  using _ = yield* queue.mutex.lock()
  queue.items.push(item)
  queue.cond.signal()
}

function* take({ cond, items, mutex, taken }: Queue) {
  yield* mutex.lock()
  try {
    while (items.length === 0) yield* cond.wait()
    taken.push(items.shift()!)
  } finally {
    expect(mutex.locked).toBe(true)
    mutex.unlock()
  }
}

describe("Cond", () => {
  it("loses no signal, and returns from wait with the lock held", async () => {
    const { schedules } = await explore.check({}, function* () {
      const queue = new Queue()
      const consumer = go(take, queue)
      yield* put(queue, 1)
      yield* consumer
      expect([queue.taken, queue.mutex.locked]).toEqual([[1], false])
      expectNothingLeft()
    })
    expect(schedules).toBe(8)
  })

  it("loses no signal: two consumers, two producers", async () => {
    const { schedules } = await explore.check({ preemptions: 2 }, function* () {
      const queue = new Queue()
      const all = [go(take, queue), go(take, queue), go(put, queue, 1), go(put, queue, 2)]
      for (const goroutine of all) yield* goroutine
      expect(queue.taken.sort()).toEqual([1, 2])
      expectNothingLeft()
    })
    expect(schedules).toBe(17010)
  })

  it("loses no signal to a waiter that is interrupted at whatever step, and that one holds the lock as it unwinds", async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const queue = new Queue()
      const consumers = [go(take, queue), go(take, queue)]
      const interrupter = go(function* () {
        consumers[0]!.interrupt()
      })
      yield* put(queue, 1)
      const wasInterrupted = (yield* thrownBy(consumers[0]!.join())) !== undefined
      // One that was woken and interrupted before its next op took the item, and unwound afterwards.
      const hasTaken = queue.taken.length > 0
      if (wasInterrupted && !hasTaken) yield* consumers[1]!
      ends.add(`${wasInterrupted ? "interrupted" : "returned"}, ${hasTaken ? "taken" : "left to the other"}`)
      if (consumers[1]!.status !== "done") yield* put(queue, 2)
      yield* consumers[1]!
      yield* interrupter
      expect([queue.items.length, queue.mutex.locked]).toEqual([0, false])
      expectNothingLeft()
    })
    expect([...ends].sort()).toEqual(["interrupted, left to the other", "interrupted, taken", "returned, taken"])
    expect(schedules).toBe(11876)
  })

  it("wakes nobody more often than it was signalled, and all by a broadcast", async () => {
    const { schedules } = await explore.check({}, function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      let wakes = 0
      let signals = 0
      const waiters = [0, 1].map(() =>
        go(function* () {
          yield* mutex.lock()
          yield* cond.wait()
          wakes++
          mutex.unlock()
        }),
      )
      invariant(() => wakes <= signals, "woken without a signal")
      signals++
      cond.signal()
      yield* gosched()
      while (waiters.some(({ status, waitReason }) => status !== "done" && waitReason !== "sync.Cond.Wait"))
        yield* gosched()
      signals = 2
      cond.broadcast()
      for (const waiter of waiters) yield* waiter
      expectNothingLeft()
    })
    expect(schedules).toBe(8808)
  })

  it("ends by its context or by the signal, which then goes to no other; the lock is held in both cases", async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      const [ctx, cancel] = context.withCancel(context.background)
      const waiter = go(function* () {
        yield* mutex.lock()
        const error = yield* caught(cond, ctx)
        expect(mutex.locked).toBe(true)
        mutex.unlock()
        return error
      })
      const canceller = go(function* () {
        cancel()
      })
      yield* mutex.lock()
      cond.signal()
      mutex.unlock()
      yield* canceller
      const error = yield* waiter
      ends.add(error === undefined ? "signalled" : (error as Error).name)
      expect(mutex.locked).toBe(false)
      expectNothingLeft()
    })
    expect([...ends].sort()).toEqual(["ContextCanceled", "signalled"])
    expect(schedules).toBe(108)
  })

  it("changes for a select whose op was made while the lock was held", async () => {
    const { schedules } = await explore.check({}, changing(false))
    expect(schedules).toBe(12)
  })

  it.each(byChance(300))("in larger programs, by $strategy", async (options) => {
    await explore.check(options, function* () {
      const queue = new Queue()
      const consumers: Array<Goroutine<void>> = Array.from({ length: 3 }, () =>
        go(function* () {
          for (let i = 0; i < 2; i++) yield* take(queue)
        }),
      )
      const producers = Array.from({ length: 2 }, (_, i) =>
        go(function* () {
          for (let j = 0; j < 3; j++) yield* put(queue, 3 * i + j)
        }),
      )
      for (const goroutine of [...producers, ...consumers]) yield* goroutine
      expect(queue.taken.sort()).toEqual([0, 1, 2, 3, 4, 5])
      expectNothingLeft()
    })
  })
})

function* caught(cond: Cond, ctx: Context) {
  try {
    yield* cond.wait(ctx)
  } catch (error) {
    return error
  }
  return undefined
}

/** Waits by `changed` until the condition holds. */
const changing = (isMadeLate: boolean) =>
  function* () {
    const mutex = new Mutex()
    const cond = new Cond(mutex)
    let isReady = false
    const waiter = go(function* () {
      yield* mutex.lock()
      while (!isReady) {
        const early = cond.changed()
        mutex.unlock()
        if (isMadeLate) yield* gosched()
        yield* select({ changed: isMadeLate ? cond.changed() : early, never })
        yield* mutex.lock()
      }
      mutex.unlock()
    })
    yield* mutex.lock()
    isReady = true
    cond.signal()
    mutex.unlock()
    yield* waiter
    expectNothingLeft()
  }

describe("explore finds a program that", () => {
  it("makes its changed op after unlocking: a deadlock", async () => {
    expect(await planted(changing(true))).toMatchObject({ name: "DeadlockError" })
  })

  it("looks at the condition without the lock: a deadlock", async () => {
    const program = function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      let isReady = false
      const waiter = go(function* () {
        if (isReady) return
        yield* mutex.lock()
        yield* cond.wait()
        mutex.unlock()
      })
      yield* mutex.lock()
      isReady = true
      cond.signal()
      mutex.unlock()
      yield* waiter
    }
    expect(await planted(program)).toMatchObject({ name: "DeadlockError" })
  })
})
