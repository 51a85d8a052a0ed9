import { failure, go, InvalidBody, run, runExit, sleep } from "@weft/core"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"
import { numbers, underSeeds, upTo } from "../../test/support/numbers.ts"
import { fromStream } from "../bridges/effect-stream.ts"
import { chan, InvalidCapacity } from "../chan.ts"
import { pipeline } from "./pipeline.ts"

describe("pipeline", () => {
  it("sends the results in the order of the values, whichever is ready first, under any schedule", () =>
    underSeeds(function* () {
      const to = chan<number>()
      pipeline(
        4,
        numbers(20).from,
        function* (n) {
          yield* sleep((n * 7) % 5)
          return n * 2
        },
        to,
      )
      expect(yield* to.drain()).toEqual(upTo(20).map((n) => n * 2))
    }))

  it("has n at work at a time, no more and no fewer", () =>
    runVirtual(function* () {
      let atWork = 0
      let most = 0
      const to = chan<number>()
      pipeline(
        3,
        numbers(9).from,
        function* (n) {
          most = Math.max(most, ++atWork)
          yield* sleep(10)
          atWork--
          return n
        },
        to,
      )
      const before = go(sleep(35))
      expect(yield* to.drain()).toEqual(upTo(9))
      expect([most, before.status]).toEqual([3, "waiting"])
    }))

  it("has received at most n values whose results were not sent", () =>
    runVirtual(function* () {
      const { from, taken } = numbers(20)
      const to = chan<number>()
      pipeline(3, from, (n) => n, to)
      yield* waitIdle()
      expect(taken()).toBe(3)
      yield* to.receive()
      yield* waitIdle()
      expect(taken()).toBe(4)
    }))

  it("closes the output and unwinds all at work when it is interrupted", () =>
    underSeeds(function* () {
      let unwound = 0
      const to = chan<number>()
      const working = pipeline(
        3,
        numbers(9).from,
        function* (n) {
          try {
            yield* sleep("1 hour")
          } finally {
            unwound++
          }
          return n
        },
        to,
      )
      yield* waitIdle()
      working.interrupt()
      expect((yield* to.next()).ok).toBe(false)
      expect(unwound).toBe(3)
    }))

  it("keeps a typed failure of f for who joins, and cancels the others", async () => {
    const exit = await runExit(function* () {
      const to = chan<number>()
      const working = pipeline(
        2,
        numbers(9).from,
        function* (n) {
          if (n === 0) yield* sleep("1 hour")
          throw failure("broken")
        },
        to,
      )
      expect(yield* to.drain()).toEqual([])
      yield* working
    })
    expect(exit).toEqual(Exit.fail("broken"))
  })

  it("panics with what f throws if nobody joins", async () => {
    const running = run(
      function* () {
        const to = chan<number>()
        pipeline(
          2,
          numbers(9).from,
          () => {
            throw new RangeError("bug")
          },
          to,
        )
        yield* to.drain()
        yield* sleep("1 hour")
      },
      { deadlock: "fail" },
    )
    await expect(running).rejects.toMatchObject({ name: "GoroutinePanic", cause: new RangeError("bug") })
  })

  it("finishes and sends what is at work before a failure of its input", async () => {
    const exit = await runExit(function* () {
      const to = chan<number>()
      const source = fromStream(Stream.concat(Stream.make(1, 2, 3), Stream.fail("broken" as const)))
      const working = pipeline(
        5,
        source,
        function* (n) {
          yield* sleep(5 - n)
          return n
        },
        to,
      )
      expect(yield* to.drain()).toEqual([1, 2, 3])
      yield* working
    })
    expect(exit).toEqual(Exit.fail("broken"))
  })

  it("refuses a width that it can't have", () => {
    for (const n of [0, -1, 1.5, NaN])
      expect(() => pipeline(n, chan<number>(), (n) => n, chan<number>())).toThrow(InvalidCapacity)
  })

  it("refuses what is no function at the call", () => {
    expect(() => pipeline(2, chan(), 5 as never, chan())).toThrow(new InvalidBody("pipeline", 5, "pass a function"))
  })
})
