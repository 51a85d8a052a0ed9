import { chan } from "@weft/channels"
import { Op, run, threadId } from "@weft/core"
import { describe, expect, it } from "vitest"
import { Elsewhere } from "../../test/support/elsewhere.ts"
import { channelFrom } from "./carry-channel.ts"
import { channelHere } from "./home.ts"
import { Release } from "./hub.ts"

const collect = (globalThis as unknown as { gc: () => void }).gc

/** Bytes, shared ones too. */
function memory(): number {
  collect()
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const turnEnds = () => new Promise((resolve) => setImmediate(resolve))

describe("channels that come and go, 10,000 of them", () => {
  it("leave nothing where they were made, though each had promised room", async () => {
    const far = new Elsewhere()
    async function many(n: number) {
      for (let i = 0; i < n; i++) {
        const channel = chan<unknown>(2)
        const number = far.has(channel)
        for (let k = 0; k < 3; k++) {
          far.sends(number, k)
          channel.tryReceive()
          // It is promised room at the end of the turn.
          for (let i = 0; i < 8; i++) await Promise.resolve()
        }
        expect(far.promised().take()).toBe(true)
        far.entries.length = 0
        far.releases(number)
        expect(channelHere(number)).toBeUndefined()
      }
      await turnEnds()
      far.entries.length = 0
    }
    await many(1000)
    const before = memory()
    await many(10_000)
    // What is kept for a channel would be more: a word, an entry in a map, and what that leads to.
    expect(memory() - before).toBeLessThan(400_000)
    far.ends()
  })

  it("leave nothing where they have come to, though each was promised room, once they are collected", () =>
    run(function* () {
      const far = new Elsewhere()
      let last = 0
      function* many(n: number) {
        let released = 0
        for (let i = 0; i < n; i++) {
          channelFrom({ thread: far.number, channel: ++last, capacity: 2, to: threadId() })
          far.promises(2, last)
        }
        while (released < n) {
          collect()
          yield* Op.fromPromise(turnEnds)
          released += far.entries.filter(([kind]) => kind === Release).length
          far.entries.length = 0
        }
      }
      yield* many(1000)
      const before = memory()
      for (let i = 0; i < 10; i++) yield* many(1000)
      expect(memory() - before).toBeLessThan(400_000)
      far.ends()
    }))
})
