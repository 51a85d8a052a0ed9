import { describe, expect, it } from "vitest"
import { GoroutinePanic } from "./goroutine-panic.ts"
import { gosched } from "./gosched.ts"
import { never } from "./never.ts"
import { InvalidBody } from "./panic.ts"
import { run } from "./run-main.ts"
import { starter } from "./starter.ts"

describe("starter", () => {
  it("starts a goroutine of the run in which it was bound, though called from outside any", async () => {
    let start: (() => void) | undefined
    let isBound!: () => void
    const isReady = new Promise<void>((resolve) => (isBound = resolve))
    const bound = run(function* () {
      start = starter("test", () => {
        throw new Error("boom")
      })
      isBound()
      yield* never
    })
    await isReady
    start!()
    await expect(bound).rejects.toThrow(GoroutinePanic)
  })

  it("starts nothing once that run is over", async () => {
    let starts = 0
    const start = await run(function* () {
      return starter("test", () => {
        starts++
      })
    })
    start()
    await run(function* () {
      for (let i = 0; i < 5; i++) yield* gosched()
    })
    expect(starts).toBe(0)
  })

  it.each([
    [
      "a function that returns a promise",
      () => Promise.reject(new Error("not unhandled")),
      "write function* for async function",
    ],
    ["a function that returns an op", () => never, "use function* and `yield*`"],
  ])("panics for %s, as nobody would wait for what it returns", async (_, f: unknown, advice) => {
    const main = run(function* () {
      starter("test", f as () => void)()
      yield* never
    })
    const error: unknown = await main.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(GoroutinePanic)
    expect((error as Error).cause).toBeInstanceOf(InvalidBody)
    expect((error as Error).message).toContain(advice)
  })

  it("refuses what is no function when it is bound", () => {
    expect(() => starter("test", 5 as unknown as () => void)).toThrow(InvalidBody)
  })
})
