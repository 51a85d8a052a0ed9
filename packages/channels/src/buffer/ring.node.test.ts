import { describe, expect, it } from "vitest"
import { Ring } from "./ring.ts"

const collect = (globalThis as unknown as { gc: () => void }).gc

describe("Ring", () => {
  it("keeps nothing that was taken", async () => {
    const ring = new Ring<object>()
    const taken = (() => {
      ring.push({})
      ring.push({})
      return new WeakRef(ring.shift())
    })()
    // A WeakRef holds its target until the turn in which it was made or read is over.
    for (let i = 0; i < 10 && taken.deref() !== undefined; i++) {
      await new Promise((resolve) => setImmediate(resolve))
      collect()
    }
    expect(taken.deref()).toBeUndefined()
    expect(ring.length).toBe(1)
  })
})
