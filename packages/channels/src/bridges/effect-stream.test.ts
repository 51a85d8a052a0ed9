import { failure, go, gosched, Op, run, runExit, sleep } from "@weft/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { numbers, underSeeds, upTo } from "../../test/support/numbers.ts"
import { chan } from "../chan.ts"
import { flow } from "../flow.ts"
import { fromStream, toStream } from "./effect-stream.ts"

function* settle() {
  for (let i = 0; i < 20; i++) {
    yield* Op.fromPromise(() => Promise.resolve())
    yield* gosched()
  }
}

describe("toStream", () => {
  it("emits every value once, in order, and ends", () =>
    underSeeds(function* () {
      expect(yield* Stream.runCollect(toStream(numbers(10).from))).toEqual(upTo(10))
    }))

  it("receives a value when it is pulled, and not before; what it did not emit is left", () =>
    run(function* () {
      const { from, taken } = numbers(10)
      const stream = toStream(from)
      yield* settle()
      expect(taken()).toBe(0)
      expect(yield* Stream.runCollect(Stream.take(stream, 3))).toEqual([0, 1, 2])
      yield* settle()
      expect(taken()).toBe(3)
      expect(yield* Stream.runCollect(stream)).toEqual([3, 4, 5, 6, 7, 8, 9])
    }))

  it("fails with its receiver's failure, typed", async () => {
    const exit = await runExit(function* () {
      const source = flow<number, Op<unknown, "broken">>([], 0, function* (out) {
        yield* out.send(1)
        throw failure("broken")
      })
      return yield* Stream.runCollect(Stream.catch(toStream(source), (error) => Stream.make(error)))
    })
    expect(exit).toEqual(Exit.succeed([1, "broken"]))
  })

  it("withdraws its receive when its fiber is interrupted, and has lost nothing", () =>
    run(function* () {
      const ch = chan<number>()
      const got: Array<number> = []
      const fiber = Effect.runFork(Stream.runForEach(toStream(ch), (n) => Effect.sync(() => got.push(n))))
      yield* ch.send(1)
      yield* settle()
      yield* Fiber.interrupt(fiber)
      expect(ch.trySend(2)).toBe(false)
      go(ch.send(3))
      expect([yield* ch.receive(), got]).toEqual([3, [1]])
    }))

  it("loses nothing to interruptions at any moment, under any schedule", () =>
    underSeeds(function* () {
      const { from } = numbers(30)
      const got: Array<number> = []
      const stream = Stream.runForEach(toStream(from), (n) => Effect.sync(() => got.push(n)))
      for (let i = 0; i < 8; i++) {
        const reading = go(stream)
        for (let k = 0; k < i; k++) yield* gosched()
        reading.interrupt()
        while (reading.status !== "done") yield* gosched()
      }
      yield* stream
      expect(got).toEqual(upTo(30))
    }))
})

describe("fromStream", () => {
  it("gives every value once, in order, under any schedule", () =>
    underSeeds(function* () {
      expect(yield* fromStream(Stream.range(0, 9)).drain()).toEqual(upTo(10))
      expect(yield* fromStream(Stream.empty).drain()).toEqual([])
    }))

  it("pulls once the last chunk was sent", () =>
    run(function* () {
      for (const capacity of [0, 3]) {
        let pulled = 0
        const stream = Stream.fromEffectRepeat(Effect.sync(() => pulled++))
        using values = fromStream(stream, capacity)
        yield* settle()
        expect(pulled).toBe(1 + capacity)
        yield* values.receive()
        yield* settle()
        expect(pulled).toBe(2 + capacity)
      }
    }))

  it("fails its receivers with the stream's failure, after the last value", async () => {
    const exit = await runExit(function* () {
      const values = fromStream(Stream.concat(Stream.make(1, 2), Stream.fail("broken" as const)))
      expect([yield* values.receive(), yield* values.receive()]).toEqual([1, 2])
      yield* values.receive()
    })
    expect(exit).toEqual(Exit.fail("broken"))
  })

  it("panics with a defect of the stream", async () => {
    const running = run(
      function* () {
        yield* fromStream(Stream.die(new RangeError("bug"))).receive()
        yield* sleep("1 hour")
      },
      { deadlock: "fail" },
    )
    await expect(running).rejects.toMatchObject({ name: "GoroutinePanic", cause: new RangeError("bug") })
  })

  it("interrupts the stream when it is stopped, and ends after its finalizers", () =>
    run(function* () {
      const log: Array<string> = []
      const source = (body: Effect.Effect<number>) =>
        Stream.ensuring(
          Stream.fromEffectRepeat(body),
          Effect.andThen(
            Effect.yieldNow,
            Effect.sync(() => void log.push("finalized")),
          ),
        )
      for (const body of [Effect.never as Effect.Effect<number>, Effect.succeed(1)]) {
        const values = fromStream(source(body))
        yield* settle()
        values.goroutine.onExit(() => log.push("ended"))
        values.stop()
        expect((yield* values.next()).ok).toBe(false)
        while (values.goroutine.status !== "done") yield* settle()
      }
      expect(log).toEqual(["finalized", "ended", "finalized", "ended"])
    }))

  it("has the services of the run", async () => {
    class Base extends Context.Service<Base, number>()("test/Base") {}
    const stream = Stream.fromEffect(Effect.map(Base, (base) => base + 1))
    const got = await run(
      function* () {
        return yield* fromStream(stream).drain()
      },
      { services: Context.make(Base, 41) },
    )
    expect(got).toEqual([42])
  })

  it("brings back what toStream carried, under any schedule", () =>
    underSeeds(function* () {
      expect(yield* fromStream(toStream(numbers(15).from)).drain()).toEqual(upTo(15))
    }))
})
