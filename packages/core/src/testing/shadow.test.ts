import { describe, expect, it } from "vitest"
import { Mailbox } from "../../test/support/mailbox.ts"
import { promised } from "../../test/support/promised.ts"
import { accessed, made } from "../accessed.ts"
import { context } from "../context.ts"
import { go } from "../go.ts"
import { gosched } from "../gosched.ts"
import { joinAll } from "../join-all.ts"
import { NotReady } from "../not-ready.ts"
import { Op } from "../op-statics.ts"
import { run } from "../run-main.ts"
import { scope } from "../scope.ts"
import { sleep } from "../sleep.ts"
import { WaitList } from "../wait-list.ts"
import type { Waiter } from "../waiter.ts"
import { explore } from "./explore.ts"
import { DataRace, type Shadow, shadow } from "./shadow.ts"
import { waitIdle } from "./wait-idle.ts"

type Body = (x: Shadow<number>) => Generator<Op<unknown>, unknown, never>

const failureOf = async (body: Body): Promise<unknown> =>
  (await explore({}, () => body(shadow(0)) as Generator<Op<void>, unknown, never>)).failure?.error

/** A lock that says what it waits on. */
class Lock {
  isHeld = false
  readonly waiters = new WaitList()

  constructor() {
    made(this)
  }

  lock(): Op<void> {
    return new Locking(this)
  }
  unlock(): void {
    accessed(this)
    const waiter = this.waiters.shift()
    if (waiter === null) this.isHeld = false
    else waiter.commit(undefined)
  }
}

class Locking extends Op<void> {
  readonly name = "lock"
  declare readonly target: Lock

  constructor(target: Lock) {
    super()
    this.target = target
  }
  override get on(): object {
    return this.target
  }
  poll(): unknown {
    if (this.target.isHeld) return NotReady
    this.target.isHeld = true
    return undefined
  }
  enqueue(waiter: Waiter): void {
    this.target.waiters.push(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.target.waiters.remove(waiter)
  }
}

/** Both touch it, with whatever comes before and after. */
const racing = (
  first: (x: Shadow<number>) => void,
  second: (x: Shadow<number>) => void,
  around: (body: () => void) => Generator<Op<unknown>, void, unknown> = function* (body) {
    body()
  },
): Body =>
  function* (x) {
    const a = go.named("a", () => around(() => first(x)))
    const b = go.named("b", () => around(() => second(x)))
    yield* a
    yield* b
  }

const write = (x: Shadow<number>): void => {
  x.value = 1
}
const read = (x: Shadow<number>): number => x.value

describe("a data race", () => {
  it.each([
    ["two writes", write, write],
    ["a write and a read", write, read],
    ["a read and a write", read, write],
  ] as const)("is found between %s that nothing orders", async (_, first, second) => {
    const error = await failureOf(racing(first, second))
    expect(error).toBeInstanceOf(DataRace)
    const [one, other] = (error as DataRace).accesses
    expect(one).toMatch(/^(write|read) by [ab] at .*shadow\.test\.ts\S*:\d+/)
    expect(other).toMatch(/^(write|read) by [ab] at .*shadow\.test\.ts\S*:\d+/)
  })

  it("is none between two reads", async () => {
    expect(await failureOf(racing(read, read))).toBeUndefined()
  })

  it("is found though the values come right in every schedule: an increment is atomic here, but nobody knows which is first", async () => {
    const increment = (x: Shadow<number>) => x.value++
    expect(await failureOf(racing(increment, increment))).toBeInstanceOf(DataRace)
  })

  it("is found though they never stand side by side: giving way and time order nobody", async () => {
    const later = function* (body: () => void) {
      yield* gosched()
      yield* sleep(5)
      body()
    }
    expect(await failureOf(racing(write, write, later))).toBeInstanceOf(DataRace)
  })

  it("is found behind a lock that only one of the two takes", async () => {
    const lock = () => new Lock()
    const error = await failureOf(function* (x) {
      const guard = lock()
      const careful = go(function* () {
        yield* guard.lock()
        x.value++
        guard.unlock()
      })
      const careless = go(function* () {
        x.value++
      })
      yield* careful
      yield* careless
    })
    expect(error).toBeInstanceOf(DataRace)
  })

  it("is found with two locks where one is meant", async () => {
    const error = await failureOf(function* (x) {
      const guards = [new Lock(), new Lock()]
      const goroutines = guards.map((guard) =>
        go(function* () {
          yield* guard.lock()
          x.value++
          guard.unlock()
        }),
      )
      for (const goroutine of goroutines) yield* goroutine
    })
    expect(error).toBeInstanceOf(DataRace)
  })

  it("is found after a hand-over: what the sender writes later is not before what the receiver reads", async () => {
    const error = await failureOf(function* (x) {
      const box = new Mailbox<number>()
      const receiver = go(function* () {
        yield* box.take
        read(x)
      })
      yield* gosched()
      box.put(1)
      write(x)
      yield* receiver
    })
    expect(error).toBeInstanceOf(DataRace)
  })

  it("is found of one variable of two, and of none that is another program's", async () => {
    const error = await failureOf(function* () {
      const [mine, yours] = [shadow("mine"), shadow("yours")]
      const other = go.named("other", function* () {
        yours.value = "changed"
      })
      mine.value = "changed"
      yours.value
      yield* other
    })
    expect((error as DataRace).accesses.join()).toMatch(/read by .*write by other|write by other.*read by /)
  })
})

describe("no data race", () => {
  it.each<readonly [string, Body]>([
    [
      "under one lock",
      function* (x) {
        const guard = new Lock()
        const workers = [0, 1].map(() =>
          go(function* () {
            yield* guard.lock()
            const before = x.value
            yield* gosched()
            x.value = before + 1
            guard.unlock()
          }),
        )
        for (const worker of workers) yield* worker
        expect(x.value).toBe(2)
      },
    ],
    [
      "from start to body, and from end to join",
      function* (x) {
        write(x)
        const child = go(function* () {
          x.value++
          yield* go(function* () {
            x.value++
          })
        })
        yield* child
        expect(x.value).toBe(3)
      },
    ],
    [
      "after joinAll of readers",
      function* (x) {
        const readers = [0, 1].map(() =>
          go(function* () {
            return read(x)
          }),
        )
        yield* joinAll(readers)
        write(x)
      },
    ],
    [
      "after a scope's end",
      function* (x) {
        yield* scope(function* (s) {
          s.go(function* () {
            yield* gosched()
            write(x)
          })
        })
        write(x)
      },
    ],
    [
      "along a chain of hand-overs",
      function* (x) {
        const [first, second] = [new Mailbox<number>(), new Mailbox<number>()]
        const middle = go(function* () {
          yield* first.take
          second.put(1)
        })
        const last = go(function* () {
          yield* second.take
          write(x)
        })
        write(x)
        first.put(1)
        yield* middle
        yield* last
      },
    ],
    [
      "before others are idle and after waitIdle",
      function* (x) {
        const workers = [0, 1].map(() =>
          go(function* () {
            read(x)
            yield* gosched()
          }),
        )
        yield* waitIdle()
        write(x)
        for (const worker of workers) yield* worker
      },
    ],
    [
      "before a promise is settled and after it was told",
      function* (x) {
        const { promise, resolve } = promised<void>()
        const waiting = go(function* () {
          yield* Op.fromPromise(promise)
          write(x)
        })
        yield* gosched()
        write(x)
        resolve()
        yield* waiting
      },
    ],
    [
      "before a cancel and after the end of the context",
      function* (x) {
        const [ctx, cancel] = context.withCancel(context.background)
        const waiting = go(function* () {
          yield* ctx.done
          write(x)
        })
        yield* gosched()
        write(x)
        cancel()
        yield* waiting
      },
    ],
    [
      "in one goroutine, whatever it does",
      function* (x) {
        for (let i = 0; i < 3; i++) {
          x.value++
          yield* gosched()
        }
        expect(x.value).toBe(3)
      },
    ],
  ])("%s", async (_, body) => {
    expect(await failureOf(body)).toBeUndefined()
  })

  it("outside an exploration: it is a variable and nothing else", () =>
    run(function* () {
      const x = shadow(0)
      const workers = [0, 1].map(() =>
        go(function* () {
          x.value++
        }),
      )
      for (const worker of workers) yield* worker
      expect(x.value).toBe(2)
    }))
})

describe("a planted race, as loom's own test has one", () => {
  /** An arc whose last owner reads what the others wrote: right only where letting go orders them. */
  const counted = (letGo: (count: Shadow<number>, guard: Lock) => Generator<Op<unknown>, boolean, unknown>) =>
    function* () {
      const data = shadow(0)
      const count = shadow(2)
      const guard = new Lock()
      const owners = [1, 2].map((n) =>
        go.named(`owner-${n}`, function* () {
          if (n === 1) data.value = 7
          if (yield* letGo(count, guard)) expect(data.value).toBeGreaterThanOrEqual(0)
        }),
      )
      for (const owner of owners) yield* owner
    }

  it("is found where the count is let go without a lock", async () => {
    const program = counted(function* (count) {
      return --count.value === 0
    })
    const { failure } = await explore({}, program)
    expect(failure?.error).toBeInstanceOf(DataRace)
    const again = await explore({ replay: failure!.seed }, program)
    expect(again.failure).toEqual(failure)
  })

  it("and is gone where a lock orders them", async () => {
    const program = counted(function* (count, guard) {
      yield* guard.lock()
      const isLast = --count.value === 0
      guard.unlock()
      return isLast
    })
    // What the first owner wrote is read by the other one only if he is last.
    expect((await explore({}, program)).failure).toBeUndefined()
  })
})

describe("a data race is seen in the one schedule of a plain run", () => {
  const inPlainRun = async (program: () => Generator<Op<unknown>, unknown, never>): Promise<unknown> =>
    (await explore({ replay: "default" }, program as () => Generator<Op<void>, unknown, never>)).failure?.error

  it("between a write and the first of two reads, of which it comes after the last", async () => {
    const error = await inPlainRun(function* () {
      const x = shadow(0)
      const first = go.named("first", function* () {
        return x.value
      })
      const second = go.named("second", function* () {
        return x.value
      })
      const writer = go.named("writer", function* () {
        yield* second
        x.value = 1
      })
      yield* joinAll([first, writer])
    })
    expect(error).toMatchObject({
      accesses: [/^read by first/, /^write by writer/].map((text) => expect.stringMatching(text) as unknown),
    })
  })

  it("though another variable was read by both in between", async () => {
    const error = await inPlainRun(function* () {
      const [x, y] = [shadow(0), shadow(0)]
      const first = go.named("first", function* () {
        y.value = 1
        return x.value
      })
      const second = go.named("second", function* () {
        return [x.value, y.value]
      })
      yield* joinAll([first, second])
    })
    expect(error).toMatchObject({
      accesses: [/^write by first/, /^read by second/].map((text) => expect.stringMatching(text) as unknown),
    })
  })
})
