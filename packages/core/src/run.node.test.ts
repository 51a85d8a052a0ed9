/** What a run leaves behind once it has settled: only Node tells of listeners and of what was collected. */
import { getEventListeners } from "node:events"
import { describe, expect, it } from "vitest"
import { isCollected } from "../test/support/collected.node.ts"
import { go, gosched, never, run, type RunOptions } from "./index.ts"

/** Leaves one behind, and has been asleep. */
function* main() {
  go(never)
  yield* gosched()
}

describe("a run that has settled", () => {
  it("is kept by nobody, however it ended", async () => {
    for (const deadlock of ["certain", "fail", "ignore"] as const) {
      const isGone = await isCollected(async () => {
        const options: RunOptions = { deadlock }
        await run(main, options)
        return new WeakRef(options)
      })
      expect(isGone, deadlock).toBe(true)
    }
  })

  it("listens to its signal no more", async () => {
    const { signal } = new AbortController()
    const running = run(main, { signal })
    expect(getEventListeners(signal, "abort")).toHaveLength(1)
    await running
    expect(getEventListeners(signal, "abort")).toHaveLength(0)
  })

  it("does not listen for the end of the host any more, and one listener serves many that have not", async () => {
    const before = process.listenerCount("beforeExit")
    const all = [run(main), run(main), run(main)]
    expect(process.listenerCount("beforeExit")).toBe(before + 1)
    await Promise.all(all)
    expect(process.listenerCount("beforeExit")).toBe(before)
  })
})
