import { describe, expect, it } from "vitest"
import type { endEarly, fail, meet } from "./threads-sample.node.ts"
import { EndedEarly, onThreads, Threads } from "./threads.node.ts"

const sample = new URL("./threads-sample.node.ts", import.meta.url)

describe("threads of a test", () => {
  it("run at the same time, each with its index, and give their results in order", async () => {
    const words = new Int32Array(new SharedArrayBuffer(4))
    expect(await onThreads<typeof meet>(3, sample, "meet", words)).toEqual([0, 10, 20])
    expect(words[0]).toBe(3)
  })

  it("hand on what one of them threw", async () => {
    await expect(onThreads<typeof fail>(2, sample, "fail", "no")).rejects.toThrow("no from 1")
    await expect(onThreads<typeof fail>(2, sample, "missing", "no")).rejects.toThrow("exports no missing")
  })

  it("can be ended one by one, before they begin and after", async () => {
    const words = new Int32Array(new SharedArrayBuffer(4))
    await using threads = new Threads<typeof endEarly>(3, sample, "endEarly", words)
    await threads.terminate(0)
    await expect(threads.results[0]).rejects.toThrow(EndedEarly)
    await expect(threads.results[1]).resolves.toBe(1)
    await threads.terminate(2)
    await expect(threads.results[2]).rejects.toThrow(EndedEarly)
  })
})
