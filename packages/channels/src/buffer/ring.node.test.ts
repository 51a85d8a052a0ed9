import { describe, expect, it } from "vitest"
import { Ring } from "./ring.ts"

const collect = (globalThis as unknown as { gc: () => void }).gc

function heap(): number {
  collect()
  return process.memoryUsage().heapUsed
}

describe("Ring", () => {
  it.each<readonly [string, (ring: Ring<object>) => WeakRef<object>]>([
    [
      "taken",
      (ring) => {
        ring.push({})
        ring.push({})
        return new WeakRef(ring.shift())
      },
    ],
    [
      "taken back",
      (ring) => {
        ring.push({})
        const last = {}
        ring.push(last)
        ring.unpush()
        return new WeakRef(last)
      },
    ],
  ])("keeps nothing that was %s", async (_, take) => {
    const ring = new Ring<object>()
    const taken = take(ring)
    // A WeakRef holds its target until the turn in which it was made or read is over.
    for (let i = 0; i < 10 && taken.deref() !== undefined; i++) {
      await new Promise((resolve) => setImmediate(resolve))
      collect()
    }
    expect(taken.deref()).toBeUndefined()
    expect(ring.length).toBe(1)
  })

  it("keeps no slots of a burst that is over", () => {
    const ring = new Ring<number>()
    const before = heap()
    for (let i = 0; i < 1_000_000; i++) ring.push(i)
    expect(heap() - before).toBeGreaterThan(3_000_000)
    while (ring.length > 0) ring.shift()
    expect(heap() - before).toBeLessThan(1_500_000)
    ring.push(1)
    expect(ring.shift()).toBe(1)
  })
})
