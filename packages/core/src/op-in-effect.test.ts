/** The second way to commit an op: in an Effect. */
import { Cause, Context, Deferred, Effect, Exit, Fiber, Scheduler } from "effect"
import { describe, expect, it } from "vitest"
import { Mailbox } from "../test/support/mailbox.ts"
import { failure, go, gosched, goroutines, joinAll, never, Op, run, sleep } from "./index.ts"

const failing = (error: unknown): Op<number, string> =>
  Op.make({
    name: "failing",
    poll: () => {
      throw error
    },
    enqueue() {},
    dequeue() {},
  })

const inGen = <A, E>(op: Op<A, E>): Effect.Effect<A, E> =>
  Effect.gen(function* () {
    return yield* op
  })

const ways: ReadonlyArray<readonly [string, <A, E>(op: Op<A, E>) => Effect.Effect<A, E>]> = [
  ["Effect.gen", inGen],
  ["a combinator", (op) => Effect.map(op, (value) => value)],
]

describe.each(ways)("an op committed by %s", (_, commit) => {
  it("gives what is ready", async () => {
    const box = new Mailbox<number>()
    box.put(1)
    expect(await Effect.runPromise(commit(box.take))).toBe(1)
    expect(box.values).toEqual([])
  })

  it("waits for what is not", async () => {
    const box = new Mailbox<number>()
    const fiber = Effect.runFork(commit(box.take))
    await Promise.resolve()
    expect(box.waiters.length).toBe(1)
    box.put(2)
    expect(await Effect.runPromise(Fiber.join(fiber))).toBe(2)
  })

  it("finishes its result once, ready or waited for", async () => {
    const box = new Mailbox<number>()
    const op = box.take.map((n) => n + 1)
    box.put(1)
    expect(await Effect.runPromise(commit(op))).toBe(2)
    const fiber = Effect.runFork(commit(op))
    box.put(5)
    expect(await Effect.runPromise(Fiber.join(fiber))).toBe(6)
  })

  it("finishes its result once, ready or waited for, in a fiber that is started inside a goroutine's step", () =>
    run(function* () {
      const box = new Mailbox<number>()
      const op = box.take.map((n) => n + 1)
      for (const isReady of [true, false, false]) {
        if (isReady) box.put(1)
        const fiber = Effect.runFork(commit(op))
        yield* gosched()
        if (!isReady) box.put(1)
        expect(yield* Fiber.join(fiber)).toBe(2)
      }
      expect(box.values).toEqual([])
    }))

  it("fails with a typed failure, and dies with anything else: at the poll", async () => {
    expect(await Effect.runPromiseExit(commit(failing(failure("typed"))))).toEqual(Exit.fail("typed"))
    const boom = new Error("boom")
    expect(await Effect.runPromiseExit(commit(failing(boom)))).toEqual(Exit.die(boom))
  })

  it("fails with a typed failure, and dies with anything else: in its result", async () => {
    const box = new Mailbox<number>()
    const throwing = (error: unknown) =>
      commit(
        box.take.map(() => {
          throw error
        }),
      )
    const [typed, boom] = [failure(new Error("typed")), new Error("boom")]
    box.put(1)
    expect(await Effect.runPromiseExit(throwing(typed))).toEqual(Exit.fail(typed))
    const fiber = Effect.runFork(throwing(boom))
    box.put(2)
    expect(await Effect.runPromise(Fiber.await(fiber))).toEqual(Exit.die(boom))
  })

  it("fails with a typed failure, and dies with anything else: while it waits", async () => {
    const box = new Mailbox<number>()
    const [typed, boom] = [failure(new Error("typed")), new Error("boom")]
    const fibers = [Effect.runFork(commit(box.take)), Effect.runFork(commit(box.take))]
    box.fail(typed)
    box.fail(boom)
    expect(await Effect.runPromise(Fiber.await(fibers[0]!))).toEqual(Exit.fail(typed))
    expect(await Effect.runPromise(Fiber.await(fibers[1]!))).toEqual(Exit.die(boom))
  })

  it("is withdrawn when the fiber is interrupted, and has taken nothing", async () => {
    const box = new Mailbox<number>()
    const fiber = Effect.runFork(commit(box.take))
    await Promise.resolve()
    await Effect.runPromise(Fiber.interrupt(fiber))
    expect(box.waiters.length).toBe(0)
    box.put(1)
    expect(box.values).toEqual([1])
  })

  it("keeps what was committed when the interruption comes just after", async () => {
    const box = new Mailbox<number>()
    const got: Array<number> = []
    const fiber = Effect.runFork(commit(box.take).pipe(Effect.map((value) => got.push(value))))
    await Promise.resolve()
    box.put(1)
    fiber.interruptUnsafe()
    await Effect.runPromise(Fiber.await(fiber))
    expect(got).toEqual([1])
  })

  it("is withdrawn to the end before the interrupted fiber's finalizers run", async () => {
    const order: Array<string> = []
    const released = Deferred.makeUnsafe<void>()
    const slow = Op.fromEffect(
      Effect.never.pipe(
        Effect.onInterrupt(() =>
          Deferred.await(released).pipe(Effect.andThen(Effect.sync(() => void order.push("withdrawn")))),
        ),
      ),
    )
    const fiber = Effect.runFork(commit(slow).pipe(Effect.ensuring(Effect.sync(() => void order.push("finalizer")))))
    await Promise.resolve()
    fiber.interruptUnsafe()
    await Promise.resolve()
    Deferred.doneUnsafe(released, Exit.void)
    await Effect.runPromise(Fiber.await(fiber))
    expect(order).toEqual(["withdrawn", "finalizer"])
  })

  it("can be waited for by several fibers and goroutines at the same time", () =>
    run(function* () {
      const box = new Mailbox<number>()
      const { take } = box
      const all = [go(commit(take)), go(commit(take)), go(take)]
      yield* gosched()
      yield* gosched()
      expect(box.waiters.length).toBe(3)
      for (const value of [1, 2, 3]) box.put(value)
      expect([...(yield* joinAll(all))].sort()).toEqual([1, 2, 3])
    }))
})

describe.each<readonly [string, (take: Op<number>, keep: (value: number) => void) => Effect.Effect<void>]>([
  [
    "Effect.gen",
    (take, keep) =>
      Effect.gen(function* () {
        keep(yield* take)
      }),
  ],
  ["a combinator", (take, keep) => Effect.map(take, keep)],
])("a ready op in %s", (_, taking) => {
  it("loses no value to an interruption, wherever the fiber gives way to Effect's scheduler", async () => {
    for (let ops = 10; ops < 50; ops++) {
      const box = new Mailbox<number>()
      const kept: Array<number> = []
      for (let i = 0; i < 500; i++) box.put(i)
      const fiber = Effect.runFork(
        Effect.gen(function* () {
          for (;;) yield* taking(box.take, (value) => void kept.push(value))
        }).pipe(Effect.provideService(Scheduler.MaxOpsBeforeYield, ops)),
      )
      // It ran until it first gave way.
      fiber.interruptUnsafe()
      await Effect.runPromise(Fiber.await(fiber))
      expect(kept.length).toBeGreaterThan(0)
      expect(kept.length + box.values.length).toBe(500)
    }
  })
})

describe("an op under Effect's combinators", () => {
  it("loses a race and is withdrawn", async () => {
    const box = new Mailbox<number>()
    const won = await Effect.runPromise(Effect.raceFirst(box.take, Effect.succeed("effect")))
    expect(won).toBe("effect")
    expect(box.waiters.length).toBe(0)
  })

  it("times out and is withdrawn", async () => {
    const exit = await Effect.runPromiseExit(never.pipe(Effect.timeout(1)))
    expect(Exit.isFailure(exit)).toBe(true)
  })

  it("is joined as a goroutine, its typed failure caught by Effect", () =>
    run(function* () {
      const failed = go(Effect.fail("typed"))
      const caught = yield* inGen(failed.join()).pipe(Effect.catch((error) => Effect.succeed(`caught ${error}`)))
      const again = yield* inGen(failed.join()).pipe(Effect.catch((error) => Effect.succeed(`caught ${error}`)))
      expect([caught, again]).toEqual(["caught typed", "caught typed"])
    }))

  it("joins an interrupted goroutine: that is a defect, not this fiber's interruption", () =>
    run(function* () {
      const gone = go(never)
      gone.interrupt()
      const exit = yield* Effect.exit(inGen(gone.join()))
      expect(Exit.isFailure(exit) && Cause.hasDies(exit.cause)).toBe(true)
    }))
})

describe("an Effect that a goroutine waits for", () => {
  it("commits ops as nobody: gosched in it puts off no goroutine", () =>
    run(function* () {
      const effect = go(
        Effect.gen(function* () {
          yield* gosched()
          yield* gosched()
          return "effect"
        }),
      )
      const parking = go(function* () {
        yield* Effect.sleep(1)
        return "parked"
      })
      expect(yield* joinAll([effect, parking])).toEqual(["effect", "parked"])
    }))

  it("starts goroutines in the run of the goroutine that waits for it", () =>
    run(function* () {
      const spawning = Effect.gen(function* () {
        const child = go.named("child", never)
        yield* Effect.sleep(1)
        return child
      })
      const child = yield* spawning
      expect(goroutines().map(({ name }) => name)).toContain("child")
      expect(child.run).toBe(goroutineOfMain().run)
      function goroutineOfMain() {
        return go(function* () {})
      }
    }))

  it("that a goroutine wakes from outside any run starts goroutines outside it", async () => {
    const box = new Mailbox<number>()
    const outside = go(function* () {})
    const woken = Effect.runPromise(
      Effect.gen(function* () {
        yield* box.take
        return go(function* () {})
      }),
    )
    await run(function* () {
      box.put(1)
    })
    expect((await woken).run).toBe(outside.run)
  })

  it("gives way although its ops are always ready", async () => {
    const endless = Effect.runFork(
      Effect.gen(function* () {
        const op = Op.make<void>({
          name: "ready",
          poll: () => undefined,
          enqueue() {},
          dequeue() {},
        })
        for (;;) yield* op
      }),
    )
    await sleep(1).promise()
    await Effect.runPromise(Fiber.interrupt(endless))
    expect(Exit.isFailure(endless.pollUnsafe()!)).toBe(true)
  })
})

it("gives an effect that a select starts the services of its run", async () => {
  class Greeting extends Context.Service<Greeting, string>()("test/Greeting") {}
  const greet = Effect.gen(function* () {
    return yield* Greeting
  })
  const services = Context.make(Greeting, "hello")
  expect(
    await run(
      function* () {
        return yield* Op.fromEffect(greet)
      },
      { services },
    ),
  ).toBe("hello")
})
