import { describe, expect, it } from "vitest"
import { GoroutinePanic } from "./goroutine-panic.ts"
import { gosched } from "./gosched.ts"
import { never } from "./never.ts"
import { InvalidBody } from "./panic.ts"
import { run } from "./run.ts"
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

  it("refuses what is no function when it is bound", () => {
    expect(() => starter("test", 5 as unknown as () => void)).toThrow(InvalidBody)
  })
})
