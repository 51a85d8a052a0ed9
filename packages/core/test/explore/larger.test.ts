/**
 * Programs too large to see every schedule of: ten thousand by chance of each, and as many by priorities.
 *
 * @module-tag long
 */
import {
  context,
  currentProcessor,
  failure,
  go,
  type Goroutine,
  gosched,
  numGoroutine,
  Op,
  scope,
  sleep,
} from "@weft/core"
import { explore, type ExploreOptions, invariant, waitIdle } from "@weft/core/testing"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { Counted } from "../support/foreign-context.ts"
import { expectNothingLeft } from "../support/left-over.ts"
import { Mailbox } from "../support/mailbox.ts"
import { planted } from "../support/planted.ts"
import { byChance } from "../support/soak.ts"
import { thrownBy } from "../support/thrown-by.ts"

/** Hands over in two steps: a value is nobody's in between. */
class TwoStep extends Mailbox<number> {
  override put(value: number): void {
    const waiter = this.waiters.shift()
    if (waiter === null) this.values.push(value)
    else go.named("hand-over", () => handOver(() => void waiter.commit(value)))
  }
}

function* handOver(commit: () => void): Generator<never, void, never> {
  commit()
}

/** Four take and two put; two takers are interrupted while they do. Every value was taken once, or is still there. */
const traffic = (make: () => Mailbox<number>) =>
  function* () {
    const box = make()
    const taken: Array<number> = []
    const takers = Array.from({ length: 4 }, () =>
      go(function* () {
        for (let i = 0; i < 3; i++) {
          taken.push(yield* box.take)
          yield* gosched()
        }
      }),
    )
    const putters = [0, 1].map((k) =>
      go(function* () {
        for (let i = 0; i < 6; i++) {
          box.put(6 * k + i)
          yield* gosched()
        }
      }),
    )
    const interrupters = [0, 1].map((k) =>
      go(function* () {
        yield* gosched()
        takers[k]!.interrupt()
      }),
    )
    for (const goroutine of [...putters, ...interrupters]) yield* goroutine
    // One that was told already goes on with its value.
    for (const taker of takers.slice(0, 2)) yield* thrownBy(taker.join())
    while (takers.slice(2).some(({ status }) => status !== "done")) {
      if (takers.slice(2).every(({ waitReason, status }) => waitReason === "mailbox" || status === "done"))
        for (const taker of takers) taker.interrupt()
      yield* gosched()
    }
    expect([...taken, ...box.values].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i))
    expectNothingLeft(box)
  }

/** A tree of scopes in which one child fails and the whole may be interrupted: nobody outlives it. */
function* scopes() {
  let inside = 0
  function* child(steps: number, isFailing: boolean) {
    inside++
    try {
      for (let i = 0; i < steps; i++) yield* gosched()
      // Typed: an error thrown into a scope that nobody waits for any more would be a panic.
      if (isFailing) throw failure("boom")
    } finally {
      inside--
    }
  }
  const tree: Goroutine<unknown> = go(function* () {
    return yield* thrownBy(
      scope(function* (outer) {
        for (let i = 0; i < 2; i++)
          outer.go(function* () {
            yield* scope(function* (inner) {
              inner.go(child, 2, false)
              inner.go(child, 1, i === 1)
            })
          })
        yield* sleep(1)
      }),
    )
  })
  const interrupter = go(function* () {
    yield* gosched()
    tree.interrupt()
  })
  yield* thrownBy(tree.join())
  expect(inside).toBe(0)
  expect(numGoroutine()).toBeLessThanOrEqual(2)
  yield* interrupter
  expectNothingLeft()
}

/** A tree of contexts, cancelled by hand and by time, watched in every way. */
function* contexts() {
  const base = new Counted(context.withCancel(context.background)[0])
  const [root, cancelRoot] = context.withTimeout(base, 30, "root late")
  const [left, cancelLeft] = context.withTimeout(root, 10, "left late")
  const [right] = context.withCancel(context.withValue(root, "key", "value"))
  const leaves = [context.withCancel(left)[0], context.withDeadline(right, new Date(0))[0]]
  invariant(() => root.err === undefined || (left.err !== undefined && right.err !== undefined), "goes down")
  invariant(() => right.err === undefined || root.err !== undefined, "and never up")
  let ran = 0
  const stops = [left, right].map((ctx) => context.afterFunc(ctx, () => ran++))
  const waiting = [left, right, leaves[0]!].map((ctx) =>
    go(function* () {
      yield* ctx.done
      return ctx.cause
    }),
  )
  const others = [
    go(function* () {
      yield* sleep(10)
      cancelLeft("left")
    }),
    go(function* () {
      yield* sleep(20)
      cancelRoot("root")
    }),
    go(function* () {
      yield* gosched()
      waiting[0]!.interrupt()
    }),
  ]
  const stopper = go(function* () {
    yield* sleep(10)
    return stops.map((stop) => stop()).filter((wasStopped) => wasStopped).length
  })
  const [, ofRight, ofLeaf] = waiting
  expect(["root", "root late"]).toContain(yield* ofRight!)
  expect(["left", "left late", "root", "root late"]).toContain(yield* ofLeaf!)
  yield* thrownBy(waiting[0]!.join())
  const stopped = yield* stopper
  for (const goroutine of others) yield* goroutine
  yield* sleep(100)
  yield* waitIdle()
  expect(ran).toBe(2 - stopped)
  expect(leaves[1]!.err?.name).toBe("DeadlineExceeded")
  expect(base.watchers.size).toBe(0)
  expectNothingLeft()
}

/** Many sleep, some are interrupted: nobody wakes early, and in jumps everybody in order. */
const sleepers = (isRacing: boolean) =>
  function* () {
    const { clock, timers } = currentProcessor()
    const woken: Array<number> = []
    const durations = [30, 10, 20, 10, 0, 40]
    const sleeping = durations.map((duration) =>
      go(function* () {
        yield* sleep(duration)
        expect(clock.now()).toBeGreaterThanOrEqual(duration)
        woken.push(duration)
      }),
    )
    invariant(() => timers.size <= durations.length + 1, "a timer for each at most")
    const interrupter = go(function* () {
      yield* sleep(15)
      sleeping[0]!.interrupt()
      sleeping[3]!.interrupt()
    })
    yield* interrupter
    for (const goroutine of sleeping) yield* thrownBy(goroutine.join())
    if (!isRacing) expect(woken).toEqual([0, 10, 10, 20, 40])
    expectNothingLeft()
  }

/** Fibers and goroutines take from one box, in races and with interruptions. */
function* fibers() {
  const box = new Mailbox<number>()
  const taken: Array<number> = []
  const take = Effect.map(box.take, (n) => void taken.push(n))
  const racing = [
    go(Effect.race(take, Effect.never)),
    go(take),
    go(function* () {
      taken.push(yield* box.take)
    }),
  ]
  const putter = go(function* () {
    for (let i = 0; i < 3; i++) {
      box.put(i)
      yield* gosched()
    }
  })
  const interrupter = go(function* () {
    racing[0]!.interrupt()
    yield* gosched()
    racing[1]!.interrupt()
  })
  for (const goroutine of [putter, interrupter]) yield* goroutine
  for (const goroutine of racing) yield* thrownBy(goroutine.join())
  expect([...taken, ...box.values].sort()).toEqual([0, 1, 2])
  expectNothingLeft(box)
}

/** Promises that settle, are given up on, and are aborted. */
function* promises() {
  const gates = [0, 1].map((n) => {
    let open!: () => void
    const promise = new Promise<number>((resolve) => {
      open = () => resolve(n)
    })
    return { promise, open }
  })
  const got: Array<number> = []
  const waiting = gates.map(({ promise }) =>
    go(function* () {
      got.push(yield* Op.fromPromise(promise))
    }),
  )
  const openers = gates.map(({ open }) =>
    go(function* () {
      yield* gosched()
      open()
    }),
  )
  const interrupter = go(function* () {
    waiting[0]!.interrupt()
  })
  for (const goroutine of [...openers, interrupter]) yield* goroutine
  const error = yield* thrownBy(waiting[0]!.join())
  yield* waiting[1]!
  expect(got.includes(0)).toBe(error === undefined)
  expectNothingLeft()
}

const programs: ReadonlyArray<readonly [string, ExploreOptions, () => Generator<Op<unknown>, void, unknown>, number]> =
  [
    ["traffic of values and interruptions", {}, traffic(() => new Mailbox()), 5_000],
    ["scopes in scopes", {}, scopes, 5_000],
    ["a tree of contexts", {}, contexts, 5_000],
    ["a tree of contexts, time racing", { clock: "races" }, contexts, 5_000],
    ["sleepers", {}, sleepers(false), 5_000],
    ["sleepers, time racing", { clock: "races" }, sleepers(true), 5_000],
    ["fibers beside goroutines", {}, fibers, 5_000],
    ["promises given up on", {}, promises, 5_000],
  ]

describe.each(programs)("%s", (_, options, program, count) => {
  it.each(byChance(count))("$strategy", { timeout: 0 }, async (search) => {
    await explore.check({ ...options, ...search }, program as () => Generator<Op<void>, void, never>)
  })
})

describe("a hand-over in two steps is found", () => {
  it.each(byChance(1000))("$strategy", async (search) => {
    const error = await planted(traffic(() => new TwoStep()) as () => Generator<Op<void>, void, never>, search)
    expect(error).toBeInstanceOf(Error)
  })
})
