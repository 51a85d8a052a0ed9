import { go, gosched, Op, run, runExit, sleep } from "@weft/core"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { numbers, underSeeds, upTo } from "../../test/support/numbers.ts"
import { chan } from "../chan.ts"
import { fromQueue, toQueue } from "./effect-queue.ts"
import { fromStream } from "./effect-stream.ts"

function* settle() {
  for (let i = 0; i < 20; i++) {
    yield* Op.fromPromise(() => Promise.resolve())
    yield* gosched()
  }
}

/** The same for fibers, which are started late. */
const idle = Effect.andThen(
  Effect.repeat(Effect.yieldNow, { times: 20 }),
  Effect.promise(() => run(settle)),
)

describe("toQueue", () => {
  it("offers every value once, in order, and ends", () =>
    underSeeds(function* () {
      const { from } = numbers(10)
      const got = yield* Effect.scoped(Effect.flatMap(toQueue(from), (queue) => Queue.collect(queue)))
      expect(got).toEqual(upTo(10))
    }))

  it("receives as there is room: by default one value is in hand", () =>
    run(function* () {
      for (const capacity of [0, 3]) {
        const { from, taken } = numbers(10)
        const seen = yield* Effect.scoped(
          Effect.gen(function* () {
            const queue = yield* toQueue(from, capacity)
            yield* idle
            const before = taken()
            const first = yield* Queue.take(queue)
            yield* idle
            return [before, first, taken()]
          }),
        )
        expect(seen).toEqual([1 + capacity, 0, 2 + capacity])
      }
    }))

  it("overfills no queue while somebody waits to take, and receives nothing more once it was shut down", () =>
    run(function* () {
      const { from, taken } = numbers(10)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const queue = yield* toQueue(from)
          expect(yield* Queue.take(queue)).toBe(0)
          yield* idle
          expect(taken()).toBe(2)
          yield* Queue.shutdown(queue as Queue.Queue<number, Cause.Done>)
          yield* idle
          expect(taken()).toBe(2)
        }),
      )
      expect(yield* from.drain()).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
    }))

  it("fails with its receiver's failure, after the last value", async () => {
    const exit = await runExit(function* () {
      const source = fromStream(Stream.concat(Stream.make(1), Stream.fail("broken" as const)))
      return yield* Effect.scoped(
        Effect.gen(function* () {
          const queue = yield* toQueue(source)
          const first = yield* Queue.take(queue)
          return [first, yield* Effect.flip(Queue.take(queue))]
        }),
      )
    })
    expect(exit).toEqual(Exit.succeed([1, "broken"]))
  })

  it("withdraws its receive when the scope closes", () =>
    run(function* () {
      const ch = chan<number>()
      yield* Effect.scoped(Effect.andThen(toQueue(ch), idle))
      expect(ch.trySend(1)).toBe(false)
      go(ch.send(2))
      expect(yield* ch.receive()).toBe(2)
    }))
})

describe("fromQueue", () => {
  it("gives every message once, in order, and ends with the queue", () =>
    underSeeds(function* () {
      const queue = yield* Queue.bounded<number, Cause.Done>(4)
      go(function* () {
        for (const n of upTo(10)) yield* Queue.offer(queue, n)
        yield* Queue.end(queue)
      })
      expect(yield* fromQueue(queue).drain()).toEqual(upTo(10))
    }))

  it("takes one message ahead, and as many more as there is room", () =>
    run(function* () {
      for (const capacity of [0, 3]) {
        const queue = yield* Queue.unbounded<number>()
        yield* Queue.offerAll(queue, upTo(10))
        using messages = fromQueue(queue, capacity)
        yield* settle()
        expect(Queue.sizeUnsafe(queue)).toBe(9 - capacity)
        yield* messages.receive()
        yield* settle()
        expect(Queue.sizeUnsafe(queue)).toBe(8 - capacity)
      }
    }))

  it("fails with the queue's failure, after the last message", async () => {
    const exit = await runExit(function* () {
      const queue = yield* Queue.unbounded<number, "broken">()
      yield* Queue.offer(queue, 1)
      yield* Queue.fail(queue, "broken")
      const messages = fromQueue(queue)
      expect(yield* messages.receive()).toBe(1)
      yield* messages.receive()
    })
    expect(exit).toEqual(Exit.fail("broken"))
  })

  it("ends when the queue is shut down, also under a waiting receive", () =>
    run(function* () {
      const queue = yield* Queue.unbounded<number>()
      const messages = fromQueue(queue)
      yield* settle()
      yield* Queue.shutdown(queue)
      expect((yield* messages.next()).ok).toBe(false)
    }))

  it("leaves the queue and what is in it when it is stopped", () =>
    run(function* () {
      const queue = yield* Queue.unbounded<number>()
      const messages = fromQueue(queue)
      yield* settle()
      messages.stop()
      yield* settle()
      yield* Queue.offerAll(queue, [1, 2])
      expect(yield* Queue.takeAll(queue)).toEqual([1, 2])
      expect(messages.goroutine.status).toBe("done")
      yield* sleep(0)
    }))
})
