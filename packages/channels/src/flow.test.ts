import { context, failure, go, gosched, GoroutinePanic, Op, run, runExit, sleep } from "@weft/core"
import { virtualTime } from "@weft/core/testing"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { numbers, underSeeds, upTo } from "../test/support/numbers.ts"
import { chan } from "./chan.ts"
import { filter } from "./combinators/filter.ts"
import { map } from "./combinators/map.ts"
import { type Flow, flow } from "./flow.ts"
import { select } from "./select.ts"

/** Whatever has been started before; on a processor of its own. */
const sitesOfAll = { debug: true, plugins: [virtualTime()] }

class Broken extends Error {
  override readonly name = "Broken"
}

/** 1 and 2, and then it fails. */
const broken = (): Flow<number, Broken> =>
  flow([], 0, function* (out) {
    yield* out.send(1)
    yield* out.send(2)
    yield* Op.make<void, Broken>({
      name: "broken",
      poll: () => {
        throw failure(new Broken())
      },
      enqueue: () => undefined,
      dequeue: () => undefined,
    })
  })

function* caught(op: Op<unknown, unknown>) {
  try {
    yield* op
  } catch (error) {
    return error
  }
  return undefined
}

describe("Flow", () => {
  it("ends after the last value, however it is received", () =>
    underSeeds(function* () {
      const source = map(numbers(5).from, (n) => n)
      expect(yield* source.drain()).toEqual(upTo(5))
      expect(yield* source.receive()).toBeUndefined()
      expect(yield* source.next()).toEqual({ ok: false, value: undefined })
      expect(source.tryReceive()).toEqual({ ok: false, value: undefined })
      expect(source.closed).toBe(true)
    }))

  it("fails every receive past the last value with its failure", () =>
    underSeeds(function* () {
      const source = broken()
      expect([yield* source.receive(), yield* source.receive()]).toEqual([1, 2])
      for (const op of [source.receive(), source.next(), source.take(), source.drain()])
        expect(yield* caught(op)).toBeInstanceOf(Broken)
      expect(() => source.tryReceive()).toThrow(Broken)
    }))

  it("fails all who wait when it fails, in a goroutine, a select, an Effect and a promise", () =>
    run(function* () {
      const fail = chan<void>()
      const source: Flow<number, Broken> = flow([], 0, function* () {
        yield* fail.receive()
        yield* Op.fromPromise(() => Promise.reject(new Broken()), { catch: (reason) => reason as Broken })
      })
      const plain = go(source.receive())
      const selected = go(function* () {
        return yield* select({ source: source.next(), late: sleep("1 hour") })
      })
      const effect = go(Op.fromEffect(source.receive()))
      const promise = source
        .receive()
        .promise()
        .catch((error: unknown) => error)
      for (let i = 0; i < 9; i++) yield* gosched()
      yield* fail.send()
      for (const goroutine of [plain, selected, effect]) {
        const error = yield* caught(goroutine.join())
        expect(error).toBeInstanceOf(Broken)
        expect(goroutine.exit).toEqual(Exit.fail(error))
      }
      expect(yield* Op.fromPromise(() => promise)).toBeInstanceOf(Broken)
    }))

  it("hands a failure down a chain, and counts it as seen", async () => {
    const exit = await runExit(function* () {
      const error = yield* caught(
        map(
          filter(broken(), () => true),
          (n) => n,
        ).drain(),
      )
      expect(error).toBeInstanceOf(Broken)
      return "seen"
    })
    expect(exit).toEqual(Exit.succeed("seen"))
  })

  it("fails the run at its end with a failure that nobody received", async () => {
    const exit = await runExit(function* () {
      const source = broken()
      yield* source.receive()
      yield* source.receive()
      yield* sleep(1)
    })
    expect(Exit.isFailure(exit) && exit.cause.reasons[0]).toMatchObject({ _tag: "Fail", error: { name: "Broken" } })
  })

  it("panics with what a function given to it throws, and closes", async () => {
    let closed: boolean | undefined
    const error: unknown = await run(
      function* () {
        const source = map(numbers(1).from, () => {
          throw new RangeError("bug")
        })
        source.goroutine.onExit(() => (closed = source.closed))
        yield* source.receive()
        yield* sleep("1 hour")
      },
      { deadlock: "fail" },
    ).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(GoroutinePanic)
    expect((error as Error).cause).toBeInstanceOf(RangeError)
    expect(closed).toBe(true)
  })

  it("has a name in reports, and the line that made it", async () => {
    await run(function* () {
      using evens = filter(
        map(chan<number>(), (n) => n),
        (n) => n % 2 === 0,
      )
      expect(evens.goroutine.name).toBe("flow")
      expect(evens.goroutine.startedAt).toContain("flow.test.ts")
      yield* gosched()
    }, sitesOfAll)
  })

  it("is cancelled when its run ends", async () => {
    const source = await runVirtual(function* () {
      const source = map(numbers(3).from, (n) => n)
      yield* source.receive()
      return source
    })
    expect(source.goroutine.status).toBe("done")
    expect(source.closed).toBe(true)
  })
})

describe("stop", () => {
  it("ends it for who waits and who comes later, and its goroutine unwinds", () =>
    underSeeds(function* () {
      const never = chan<number>()
      let isUnwound = false
      const source = map(never, (n) => n)
      source.goroutine.onExit(() => (isUnwound = true))
      const waiting = go(function* () {
        return yield* source.next()
      })
      yield* waitIdle()
      source.stop()
      expect((yield* waiting).ok).toBe(false)
      expect((yield* source.next()).ok).toBe(false)
      yield* waitIdle()
      expect(isUnwound).toBe(true)
      source.stop()
    }))

  it("closes one whose goroutine has not taken its first step", () =>
    runVirtual(function* () {
      const source = map(chan<number>(), (n) => n)
      source.stop()
      expect((yield* source.next()).ok).toBe(false)
    }))

  it("leaves what is buffered to be received", () =>
    runVirtual(function* () {
      const source = map(numbers(10).from, (n) => n, 3)
      yield* waitIdle()
      source.stop()
      expect(yield* source.drain()).toEqual([0, 1, 2])
    }))

  it("stops while its goroutine sends, without a panic", () =>
    underSeeds(function* () {
      const source = map(numbers(3).from, (n) => n)
      yield* source.receive()
      source.stop()
      expect(yield* source.drain()).toEqual([])
    }))

  it("goes up the chain to the head, and leaves a plain channel alone", () =>
    underSeeds(function* () {
      const { from, taken } = numbers(10)
      const head = map(from, (n) => n)
      const last = map(
        filter(head, () => true),
        (n) => n,
      )
      expect(yield* last.receive()).toBe(0)
      last.stop()
      yield* waitIdle()
      expect([head.closed, head.goroutine.status, from.closed]).toEqual([true, "done", false])
      const before = taken()
      expect(yield* from.receive()).toBe(before)
    }))

  it("is called by using, and by a context through afterFunc", () =>
    runVirtual(function* () {
      const [ctx, cancel] = context.withCancel(context.background)
      const stopped: Array<string> = []
      const tied = map(chan<number>(), (n) => n)
      context.afterFunc(ctx, () => tied.stop())
      {
        using scoped = map(chan<number>(), (n) => n)
        yield* waitIdle()
        expect(scoped.goroutine.status).toBe("waiting")
        scoped.goroutine.onExit(() => stopped.push("scoped"))
      }
      tied.goroutine.onExit(() => stopped.push("tied"))
      yield* waitIdle()
      expect(stopped).toEqual(["scoped"])
      cancel()
      yield* waitIdle()
      expect(stopped).toEqual(["scoped", "tied"])
    }))
})
