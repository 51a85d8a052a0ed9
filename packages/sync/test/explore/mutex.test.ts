/** A Mutex in every schedule. */
import { chan, select } from "@weft/channels"
import { accessed, go, gosched, NotReady, Op, type Waiter, WaitList } from "@weft/core"
import { explore, shadow } from "@weft/core/testing"
import { Mutex } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { expectNothingLeft } from "../../../core/test/support/left-over.ts"
import { planted } from "../../../core/test/support/planted.ts"
import { byChance } from "../../../core/test/support/soak.ts"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"

interface Lock {
  lock(): Op<unknown>
  unlock(): void
}

/** One holder at a time; all get it. */
const excluding = (make: () => Lock, goroutines = 2, holds = 1) =>
  function* () {
    const lock = make()
    let holders = 0
    let held = 0
    const all = Array.from({ length: goroutines }, () =>
      go(function* () {
        for (let i = 0; i < holds; i++) {
          yield* lock.lock()
          expect(++holders).toBe(1)
          yield* gosched()
          holders--
          held++
          lock.unlock()
        }
      }),
    )
    for (const goroutine of all) yield* goroutine
    expect(held).toBe(goroutines * holds)
    expectNothingLeft()
  }

/** A waiter is interrupted at every step: the other one gets the lock, and at the end it is free. */
const interrupting = (make: () => Lock) =>
  function* () {
    const lock = make()
    yield* lock.lock()
    const holder = function* () {
      yield* lock.lock()
      try {
        yield* gosched()
      } finally {
        lock.unlock()
      }
    }
    const waiters = [go(holder), go(holder)]
    const interrupter = go(function* () {
      waiters[0]!.interrupt()
    })
    yield* gosched()
    lock.unlock()
    yield* thrownBy(waiters[0]!.join())
    yield* waiters[1]!
    yield* interrupter
    yield* lock.lock()
    expectNothingLeft()
  }

describe("Mutex", () => {
  it("has one holder at a time, and serves all", async () => {
    const { schedules } = await explore.check(
      {},
      excluding(() => new Mutex()),
    )
    expect(schedules).toBe(88)
  })

  it("has one holder at a time, and serves all: two goroutines twice", async () => {
    const { schedules } = await explore.check(
      { preemptions: 2 },
      excluding(() => new Mutex(), 2, 2),
    )
    expect(schedules).toBe(600)
  })

  it("has one holder at a time, and serves all: three goroutines", async () => {
    const { schedules } = await explore.check(
      { preemptions: 2 },
      excluding(() => new Mutex(), 3),
    )
    expect(schedules).toBe(10705)
  })

  it("orders what its holders do to a plain variable: no data race", async () => {
    const { schedules } = await explore.check({ shares: "ops" }, function* () {
      const mutex = new Mutex()
      const n = shadow(0)
      const all = [0, 1, 2].map(() =>
        go(function* () {
          yield* mutex.lock()
          n.value++
          mutex.unlock()
        }),
      )
      for (const goroutine of all) yield* goroutine
      expect(n.value).toBe(3)
    })
    expect(schedules).toBe(24)
  })

  it("is not lost by a waiter that is interrupted at whatever step", async () => {
    const { schedules } = await explore.check(
      {},
      interrupting(() => new Mutex()),
    )
    expect(schedules).toBe(5687)
  })

  it(
    "is not lost by one that is interrupted once woken or passed over, with a third that barges in",
    { tags: "long" },
    async () => {
      const { schedules } = await explore.check({ preemptions: 3 }, function* () {
        const mutex = new Mutex()
        yield* mutex.lock()
        const waiter = go(function* () {
          using _ = yield* mutex.lock()
          yield* gosched()
        })
        const barger = go(function* () {
          for (let i = 0; i < 2; i++) if (mutex.tryLock()) mutex.unlock()
          using _ = yield* mutex.lock()
          yield* gosched()
        })
        const interrupter = go(function* () {
          waiter.interrupt()
        })
        yield* gosched()
        mutex.unlock()
        yield* thrownBy(waiter.join())
        yield* barger
        yield* interrupter
        expect(mutex.locked).toBe(false)
        expectNothingLeft()
      })
      expect(schedules).toBe(11571)
    },
  )

  it("is locked past a waiter that was woken until that one has run, and then handed over to it", async () => {
    const outcomes = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const mutex = new Mutex()
      yield* mutex.lock()
      const waiter = go(function* () {
        yield* mutex.lock()
        mutex.unlock()
      })
      const is = (status: string): boolean => waiter.status === status
      while (!is("waiting")) yield* gosched()
      mutex.unlock()
      expect(mutex.tryLock()).toBe(true)
      yield* gosched()
      const hasRun = is("waiting")
      mutex.unlock()
      expect(mutex.locked).toBe(hasRun)
      yield* mutex.lock()
      outcomes.add(`${hasRun ? "passed over" : "not run"}, ${is("done") ? "served" : "overtaken"}`)
      mutex.unlock()
      yield* waiter
    })
    expect([...outcomes].sort()).toEqual(["not run, overtaken", "not run, served", "passed over, served"])
    expect(schedules).toBe(30)
  })

  it("is taken by a select, or its other case is, never both and never neither", async () => {
    const outcomes = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const mutex = new Mutex()
      const quit = chan<void>()
      yield* mutex.lock()
      const selecting = go(function* () {
        const hit = yield* select({ lock: mutex.lock(), quit: quit.receive() })
        if (hit.case === "lock") hit.value[Symbol.dispose]()
        return hit.case
      })
      const quitter = go(function* () {
        return quit.trySend()
      })
      yield* gosched()
      mutex.unlock()
      const didQuit = yield* quitter
      const taken = yield* selecting
      expect(taken === "quit").toBe(didQuit)
      expect(mutex.locked).toBe(false)
      outcomes.add(taken)
      expectNothingLeft()
    })
    expect([...outcomes].sort()).toEqual(["lock", "quit"])
    expect(schedules).toBe(110)
  })

  it("is passed between goroutines and fibers, and not lost by a fiber that is interrupted", async () => {
    const { schedules } = await explore.check({ preemptions: 2 }, function* () {
      const mutex = new Mutex()
      yield* mutex.lock()
      const fiber = go(
        mutex.withLock(function* () {
          yield* gosched()
        }),
      )
      const goroutine = go(function* () {
        using _ = yield* mutex.lock()
        yield* gosched()
      })
      const interrupter = go(function* () {
        fiber.interrupt()
      })
      mutex.unlock()
      yield* thrownBy(fiber.join())
      yield* goroutine
      yield* interrupter
      expect(mutex.locked).toBe(false)
      expectNothingLeft()
    })
    expect(schedules).toBe(1290)
  })

  it("withLock unlocks, interrupted at whatever step", async () => {
    const { schedules } = await explore.check({}, function* () {
      const mutex = new Mutex()
      const body = function* () {
        yield* gosched()
      }
      const all = [
        go(function* () {
          yield* mutex.withLock(body)
        }),
        go(function* () {
          yield* mutex.withLock(body)
        }),
      ]
      const interrupter = go(function* () {
        all[0]!.interrupt()
      })
      yield* thrownBy(all[0]!.join())
      yield* all[1]!
      yield* interrupter
      expect(mutex.locked).toBe(false)
      expectNothingLeft()
    })
    expect(schedules).toBe(1054)
  })

  it.each(byChance(300))("in larger programs, by $strategy", async (options) => {
    await explore.check(
      options,
      excluding(() => new Mutex(), 4, 3),
    )
    await explore.check(
      options,
      interrupting(() => new Mutex()),
    )
  })
})

/** As somebody might write it, to be broken below. */
class HomeMade implements Lock {
  isLocked = false
  readonly waiters = new WaitList()

  lock(): Op<void> {
    return new HomeMadeLock(this)
  }
  unlock(): void {
    accessed(this)
    const next = this.waiters.shift()
    if (next === null) this.isLocked = false
    else this.wake(next)
  }
  wake(next: Waiter): void {
    next.commit(undefined)
  }
  withdraw(waiter: Waiter): void {
    this.waiters.remove(waiter)
  }
}

class HomeMadeLock extends Op<void> {
  declare readonly mutex: HomeMade

  constructor(mutex: HomeMade) {
    super()
    this.mutex = mutex
  }
  override get on(): HomeMade {
    return this.mutex
  }
  get name(): string {
    return "home-made lock"
  }
  poll(): unknown {
    const { isLocked } = this.mutex
    this.mutex.isLocked = true
    return isLocked ? NotReady : undefined
  }
  enqueue(waiter: Waiter): void {
    this.mutex.waiters.push(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.mutex.withdraw(waiter)
  }
}

/** Leaves the lock free for whoever comes, though the one that it wakes believes to have it. */
class Free extends HomeMade {
  override wake(next: Waiter): void {
    this.isLocked = false
    super.wake(next)
  }
}

/** Hands over to one that is gone. */
class Sticky extends HomeMade {
  override withdraw(): void {}
}

/** Wakes nobody where a second one waits. */
class Forgetful extends HomeMade {
  override wake(next: Waiter): void {
    if (this.waiters.isEmpty) super.wake(next)
    else this.isLocked = false
  }
}

describe("explore finds a lock that", () => {
  it("is free for one and given to another", async () => {
    expect(await planted(excluding(() => new Free(), 3))).toMatchObject({ cause: { name: "AssertionError" } })
  })

  it("is handed over to one that was interrupted: a deadlock", async () => {
    expect(await planted(interrupting(() => new Sticky()))).toMatchObject({ name: "DeadlockError" })
  })

  it("loses a wake-up where two wait", async () => {
    expect(await planted(excluding(() => new Forgetful(), 3))).toMatchObject({ name: "DeadlockError" })
  })

  it("and nothing in a sound one made by hand", { tags: "long" }, async () => {
    for (const program of [excluding, interrupting])
      expect(
        await explore.check(
          {},
          program(() => new HomeMade()),
        ),
      ).toMatchObject({ complete: true })
  })
})
