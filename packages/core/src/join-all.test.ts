import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../test/support/virtual.ts"
import { go, GoroutinePanic, InvalidBody, joinAll, never, sleep } from "./index.ts"

function* after<T>(millis: number, end: () => T) {
  yield* sleep(millis)
  return end()
}
const boom = (text: string) => (): never => {
  throw new Error(text)
}

describe("joinAll", () => {
  it("gives all results in the order of the goroutines, not of their ends", () =>
    runVirtual(function* () {
      const results = yield* joinAll([
        go(after<string>, 20, () => "a"),
        go(after<number>, 10, () => 1),
        go(Effect.succeed(true)),
      ])
      expect(results).toEqual(["a", 1, true])
    }))

  it("of none, or of those that have ended, is ready", () =>
    runVirtual(function* () {
      expect(yield* joinAll([])).toEqual([])
      const ended = [go(Effect.succeed(1)), go(Effect.succeed(2))] as const
      yield* waitIdle()
      expect(joinAll(ended).poll()).toEqual([1, 2])
    }))

  it("fails with the first failure by time, and cancels nothing", () =>
    runVirtual(function* () {
      const all = [go(after, 20, boom("late")), go(after, 10, boom("early")), go(after, 30, () => "other")]
      let caught: unknown
      try {
        yield* joinAll(all)
      } catch (error) {
        caught = error
      }
      expect(caught).toMatchObject({ message: "early" })
      expect(all.map(({ status }) => status)).toEqual(["waiting", "done", "waiting"])
      // The later one is seen too: it is no panic.
      yield* sleep(100)
      expect(all.map(({ status }) => status)).toEqual(["done", "done", "done"])
    }))

  it("joins the same goroutine as often as it is named", () =>
    runVirtual(function* () {
      const one = go(after, 1, () => 1)
      expect(yield* joinAll([one, one])).toEqual([1, 1])
    }))

  it("withdrawn, joins none of them any more", async () => {
    const ended = runVirtual(function* () {
      const all = [go(after, 20, boom("nobody's")), go(never)]
      const joining = go(joinAll(all))
      yield* waitIdle()
      joining.interrupt()
      yield* sleep(100)
    })
    await expect(ended).rejects.toThrow(GoroutinePanic)
  })

  it.each([[[5]], [[null]], [undefined], [5]])("refuses %o at the call", (given: unknown) => {
    expect(() => joinAll(given as never)).toThrow(
      new InvalidBody("joinAll", given, "write `yield* joinAll([go(f), go(g)])`"),
    )
  })

  it("refuses goroutines that are in no array", () =>
    runVirtual(function* () {
      const one = go(Effect.succeed(1))
      expect(() => (joinAll as (...all: ReadonlyArray<unknown>) => unknown)(one, one)).toThrow(
        "weft: joinAll can't start a goroutine; write `yield* joinAll([go(f), go(g)])`",
      )
      yield* one
    }))
})
