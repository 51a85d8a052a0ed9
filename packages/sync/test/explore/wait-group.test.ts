/** A WaitGroup in every schedule. */
import { context, go, type Goroutine, gosched, NotReady, Op, type Waiter, WaitList } from "@weft/core"
import { explore, invariant, shadow } from "@weft/core/testing"
import { NegativeWaitGroupCounter, WaitGroup } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { expectNothingLeft } from "../../../core/test/support/left-over.ts"
import { planted } from "../../../core/test/support/planted.ts"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"

interface Group {
  add(delta: number): void
  done(): void
  go(body: () => Generator<Op<unknown>, unknown, unknown>): Goroutine<unknown>
  wait(): Op<void>
}

/** How many wait for it: its op tells what it waits on. */
const waitersOf = (group: Group): number => (group.wait().on as { readonly waiters: WaitList }).waiters.length

/** Every waiter is released at zero and none before, and their work is done by then. */
const releasing = (make: () => Group) =>
  function* () {
    const work = make()
    let done = 0
    work.add(2)
    const workers = [0, 1].map(() =>
      go(function* () {
        yield* gosched()
        done++
        work.done()
      }),
    )
    const waiter = go(function* () {
      yield* work.wait()
      return done
    })
    yield* work.wait()
    expect(done).toBe(2)
    expect(yield* waiter).toBe(2)
    for (const worker of workers) yield* worker
    expectNothingLeft()
  }

/** A waiter is interrupted at every step: nobody is left in the group, and the others are released all the same. */
const interrupting = (make: () => Group) =>
  function* () {
    const work = make()
    work.add(1)
    const waiters = [go(work.wait()), go(work.wait())]
    const interrupter = go(function* () {
      waiters[0]!.interrupt()
      expect(waitersOf(work)).toBe(waiters.filter(({ status }) => status === "waiting").length)
    })
    yield* gosched()
    work.done()
    expect(waitersOf(work)).toBe(0)
    yield* thrownBy(waiters[0]!.join())
    yield* waiters[1]!
    yield* interrupter
    expectNothingLeft()
  }

/** A goroutine of the group is interrupted at every step: it is counted down however it ends, and once. */
const counting = (make: () => Group) =>
  function* () {
    const group = make()
    const worker = group.go(function* () {
      yield* gosched()
    })
    const interrupter = go(function* () {
      worker.interrupt()
    })
    yield* group.wait()
    expect(worker.status).toBe("done")
    expect(() => group.done()).toThrow(NegativeWaitGroupCounter)
    yield* interrupter
    expectNothingLeft()
  }

describe("WaitGroup", () => {
  it("releases every waiter at zero and none before", async () => {
    const { schedules } = await explore.check(
      {},
      releasing(() => new WaitGroup()),
    )
    expect(schedules).toBe(786)
  })

  it("is left by a waiter that is interrupted at whatever step, and releases the others", async () => {
    const { schedules } = await explore.check(
      {},
      interrupting(() => new WaitGroup()),
    )
    expect(schedules).toBe(1604)
  })

  it("counts a goroutine down once, however it ends", async () => {
    const { schedules } = await explore.check(
      {},
      counting(() => new WaitGroup()),
    )
    expect(schedules).toBe(12)
  })

  it("releases for good: raised again before they run, the released still go", async () => {
    const { schedules } = await explore.check({}, function* () {
      const group = new WaitGroup()
      group.add(1)
      const waiters = [go(group.wait()), go(group.wait())]
      yield* gosched()
      const wereWaiting = waitersOf(group)
      group.done()
      group.add(1)
      expect(waitersOf(group)).toBe(0)
      yield* gosched()
      // Whoever came after the rise waits for the second round.
      expect(waitersOf(group)).toBeLessThanOrEqual(2 - wereWaiting)
      group.done()
      for (const waiter of waiters) yield* waiter
      expectNothingLeft()
    })
    expect(schedules).toBe(436)
  })

  it("orders what is done before done and after wait: no data race", async () => {
    const { schedules } = await explore.check({}, function* () {
      const group = new WaitGroup()
      const slots = [shadow(0), shadow(0)]
      for (const slot of slots)
        group.go(function* () {
          yield* gosched()
          slot.value++
        })
      yield* group.wait()
      expect(slots.map((slot) => slot.value)).toEqual([1, 1])
      expectNothingLeft()
    })
    expect(schedules).toBe(18)
  })

  it("never counts below zero, whoever is done how often", async () => {
    const { schedules } = await explore.check({}, function* () {
      const group = new WaitGroup()
      group.add(1)
      const refused: Array<unknown> = []
      const workers = [0, 1].map(() =>
        go(function* () {
          yield* gosched()
          try {
            group.done()
          } catch (error) {
            refused.push(error)
          }
        }),
      )
      invariant(() => refused.length <= 1, "one is refused at most")
      yield* group.wait()
      for (const worker of workers) yield* worker
      expect(refused).toMatchObject([{ name: "NegativeWaitGroupCounter", fields: { count: 0, delta: -1 } }])
    })
    expect(schedules).toBe(56)
  })

  it("is waited for with a context: one of the two ends it, and the group keeps no waiter", async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const group = new WaitGroup()
      group.add(1)
      const [ctx, cancel] = context.withCancel(context.background)
      const waiter: Goroutine<void> = go(group.wait())
      context.afterFunc(ctx, () => waiter.interrupt())
      const canceller = go(function* () {
        cancel()
      })
      yield* gosched()
      const wasLeft = waitersOf(group) === 0
      group.done()
      const error = yield* thrownBy(waiter.join())
      ends.add(error === undefined ? "released" : "cancelled")
      if (wasLeft && error === undefined) expect(waitersOf(group)).toBe(0)
      yield* canceller
    })
    expect(ends).toEqual(new Set(["released", "cancelled"]))
    expect(schedules).toBe(173)
  })
})

/** As somebody might write it, to be broken below. */
class HomeMade implements Group {
  count = 0
  readonly waiters = new WaitList()

  add(delta: number): void {
    if (this.count + delta < 0) throw new NegativeWaitGroupCounter(this.count, delta)
    this.count += delta
    if (this.count === 0) this.release()
  }
  done(): void {
    this.add(-1)
  }
  go(body: () => Generator<Op<unknown>, unknown, unknown>): Goroutine<unknown> {
    this.add(1)
    const goroutine = go(body)
    goroutine.onExit(() => this.done())
    return goroutine
  }
  wait(): Op<void> {
    return new Wait(this)
  }
  release(): void {
    this.waiters.commitAll(undefined)
  }
  isZero(): boolean {
    return this.count === 0
  }
  withdraw(waiter: Waiter): void {
    this.waiters.remove(waiter)
  }
}

class Wait extends Op<void> {
  declare readonly group: HomeMade

  constructor(group: HomeMade) {
    super()
    this.group = group
  }
  override get on(): HomeMade {
    return this.group
  }
  get name(): string {
    return "home-made wait"
  }
  poll(): unknown {
    return this.group.isZero() ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    this.group.waiters.push(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.group.withdraw(waiter)
  }
}

/** Releases one at zero, and that one nobody else. */
class ReleasingOne extends HomeMade {
  override release(): void {
    this.waiters.shift()?.commit(undefined)
  }
}

/** Is ready while nobody works any more, though not all is done. */
class Early extends HomeMade {
  override isZero(): boolean {
    return this.count <= 1
  }
}

class Sticky extends HomeMade {
  override withdraw(): void {}
}

/** Counts down in a `finally` around the body: one that is interrupted before its first step never reaches it. */
class InFinally extends HomeMade {
  override go(body: () => Generator<Op<unknown>, unknown, unknown>): Goroutine<unknown> {
    const self = this
    this.add(1)
    return go(function* () {
      try {
        yield* body()
      } finally {
        self.done()
      }
    })
  }
}

describe("explore finds a group that", () => {
  it("releases one waiter of two: a deadlock", async () => {
    expect(await planted(releasing(() => new ReleasingOne()))).toMatchObject({ name: "DeadlockError" })
  })

  it("releases before the last is done", async () => {
    expect(await planted(releasing(() => new Early()))).toMatchObject({ name: "AssertionError" })
  })

  it("keeps a waiter that was interrupted", async () => {
    expect(await planted(interrupting(() => new Sticky()))).toMatchObject({
      cause: { name: "AssertionError" },
    })
  })

  it("counts down in a finally block", async () => {
    expect(await planted(counting(() => new InFinally()))).toMatchObject({ name: "DeadlockError" })
  })

  it("and nothing in a sound one made by hand", async () => {
    for (const program of [releasing, interrupting, counting])
      expect(
        await explore.check(
          {},
          program(() => new HomeMade()),
        ),
      ).toMatchObject({ complete: true })
  })
})
