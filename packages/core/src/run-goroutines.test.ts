import { Effect, Fiber } from "effect"
import { describe, expect, it } from "vitest"
import { promised } from "../test/support/promised.ts"
import { runVirtual } from "../test/support/virtual.ts"
import { go, goroutines, gosched, never, numGoroutine, run, sleep } from "./index.ts"

describe("numGoroutine and goroutines", () => {
  it("count and list those that have not ended", () =>
    runVirtual(function* () {
      expect([numGoroutine(), goroutines().length]).toEqual([1, 1])
      const child = go.named("child", function* () {
        yield* sleep(10)
      })
      expect(numGoroutine()).toBe(2)
      expect(goroutines().map(({ name, status, isMain }) => [name, status, isMain])).toEqual([
        ["main", "running", true],
        ["child", "runnable", false],
      ])
      yield* sleep(1)
      expect(goroutines()[1]).toMatchObject({
        id: child.id,
        status: "waiting",
        waitReason: "sleep",
        waitDetail: "10 ms",
      })
      yield* child
      expect(numGoroutine()).toBe(1)
    }))

  it("list the oldest first, whichever of them have ended", () =>
    runVirtual(function* () {
      const all = ["a", "b", "c", "d", "e"].map((name) => go.named(name, never))
      const names = () => goroutines().map(({ name }) => name)
      expect(names()).toEqual(["main", "a", "b", "c", "d", "e"])
      // One in the middle, then the one before it, whose neighbour has ended by then; the last, and who is left.
      for (const [ended, left] of [
        [2, ["main", "a", "b", "d", "e"]],
        [1, ["main", "a", "d", "e"]],
        [4, ["main", "a", "d"]],
        [0, ["main", "d"]],
      ] as const) {
        all[ended]!.interrupt()
        yield* gosched()
        expect(names()).toEqual(left)
      }
      go.named("f", never)
      expect(names()).toEqual(["main", "d", "f"])
      expect(numGoroutine()).toBe(3)
    }))
})

describe("a fiber that outlives its run", () => {
  it("starts goroutines outside any run, where they are listed and live", async () => {
    const over = promised<void>()
    const started = await run(function* () {
      const late = Effect.map(
        Effect.promise(() => over.promise),
        () => go.named("late", never),
      )
      return yield* Effect.forkDetach(late)
    })
    over.resolve()
    const goroutine = await Effect.runPromise(Fiber.join(started))
    expect(goroutines().map(({ name }) => name)).toContain("late")
    goroutine.interrupt()
  })
})
