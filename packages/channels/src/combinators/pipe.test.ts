import { run, runExit, sleep } from "@weft/core"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"
import { numbers, underSeeds, upTo } from "../../test/support/numbers.ts"
import { fromStream } from "../bridges/effect-stream.ts"
import { chan } from "../chan.ts"
import { ChannelClosed } from "../closed.ts"
import { nil } from "../nil.ts"
import { pipe } from "./pipe.ts"

describe("pipe", () => {
  it("sends everything in order, closes the output, and then its goroutine has ended", () =>
    underSeeds(function* () {
      const to = chan<number>()
      const piping = pipe(numbers(20).from, to)
      expect(yield* to.drain()).toEqual(upTo(20))
      yield* piping
      expect(to.closed).toBe(true)
    }))

  it("holds the input back", () =>
    runVirtual(function* () {
      const { from, taken } = numbers(10)
      const to = chan<number>(2)
      pipe(from, to)
      yield* waitIdle()
      expect(taken()).toBe(3)
    }))

  it("closes the output when it is interrupted, also before its first step, and leaves the input alone", () =>
    underSeeds(function* () {
      for (const delay of [-1, 0, 1]) {
        const { from } = numbers(3)
        const to = chan<number>()
        const piping = pipe(from, to)
        if (delay >= 0) yield* sleep(delay)
        piping.interrupt()
        expect((yield* to.next()).ok).toBe(false)
        expect(from.closed).toBe(false)
      }
    }))

  it("keeps a failure of its input for who joins, and closes the output", async () => {
    const exit = await runExit(function* () {
      const to = chan<number>()
      const piping = pipe(fromStream(Stream.concat(Stream.make(1, 2), Stream.fail("broken" as const))), to)
      expect(yield* to.drain()).toEqual([1, 2])
      yield* piping
    })
    expect(exit).toEqual(Exit.fail("broken"))
  })

  it("panics when somebody else closes its output", async () => {
    const running = run(
      function* () {
        const to = chan<number>()
        pipe(numbers(3).from, to)
        yield* to.receive()
        to.close()
        yield* sleep(1)
      },
      { deadlock: "fail" },
    )
    await expect(running).rejects.toMatchObject({ name: "GoroutinePanic", cause: expect.any(ChannelClosed) as unknown })
  })

  it("leaves an output that somebody else has closed, if nothing is left to send", () =>
    underSeeds(function* () {
      const to = chan<number>()
      const piping = pipe(numbers(0).from, to)
      to.close()
      yield* piping
    }))

  it("panics when it closes the nil channel", async () => {
    const running = run(
      function* () {
        pipe(numbers(0).from, nil<number>())
        yield* sleep(1)
      },
      { deadlock: "fail" },
    )
    await expect(running).rejects.toMatchObject({ name: "GoroutinePanic", cause: expect.any(ChannelClosed) as unknown })
  })
})
