import { chan, type Channel } from "@weft/channels"
import { context, go, type Goroutine, isFailure, run } from "@weft/core"
import { spawn, spawnWith } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { failsUnwinding, interruptsThrowing, throwsUnwinding } from "./support/unwinding-tasks.ts"
import { thrownBy } from "./support/thrown-by.ts"

describe("what a task throws as it unwinds", () => {
  it.each<[string, (begun: Channel<string>) => Goroutine<unknown, unknown>]>([
    ["in a goroutine here", (begun) => go(throwsUnwinding, begun)],
    ["on another thread", (begun) => spawn(throwsUnwinding, begun)],
    ["as a typed failure here", (begun) => go(failsUnwinding, begun)],
    ["as a typed failure on another thread", (begun) => spawn(failsUnwinding, begun)],
  ])("is thrown where it is joined: %s", (where, start) =>
    run(function* () {
      const begun = chan<string>()
      const goroutine = start(begun)
      yield* begun.receive()
      goroutine.interrupt("why")
      const error = yield* thrownBy(goroutine)
      expect(error).toMatchObject({ name: "RangeError", message: "in finally" })
      expect(isFailure(error)).toBe(where.startsWith("as a typed failure"))
    }),
  )

  it("goes before the context's cause", () =>
    run(function* () {
      const begun = chan<string>()
      const [ctx, cancel] = context.withCancel(context.background)
      const goroutine = spawnWith({ context: ctx }, throwsUnwinding, begun)
      yield* begun.receive()
      cancel("why")
      expect(yield* thrownBy(goroutine)).toMatchObject({ name: "RangeError", message: "in finally" })
    }))

  it("reaches a task that has spawned and interrupted it", () =>
    run(function* () {
      expect(yield* spawn(interruptsThrowing)).toBe("RangeError: in finally")
    }))
})
