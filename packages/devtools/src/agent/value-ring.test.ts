import { describe, expect, it } from "vitest"
import { ValueRing } from "./value-ring.ts"

describe("ValueRing", () => {
  it("numbers each, equal ones too, and gives each out once", () => {
    const ring = new ValueRing()
    expect(["a", "a", "b"].map((text) => ring.add(text))).toEqual([1, 2, 3])
    expect(ring.take()).toEqual({ first: 1, values: ["a", "a", "b"], dropped: 0 })
    expect(ring.take()).toBeUndefined()
    expect(ring.add("c")).toBe(4)
    expect(ring.take()).toEqual({ first: 4, values: ["c"], dropped: 0 })
  })

  it.each([
    ["texts", { texts: 10, characters: Infinity }],
    ["characters", { texts: Infinity, characters: 50 }],
  ])("keeps the latest within its bound of %s, and counts the others once", (_, most) => {
    const ring = new ValueRing(most)
    for (let i = 0; i < 1000; i++) ring.add(`v${i}`.padEnd(5))
    expect(ring.all().first).toBe(991)
    const { dropped, first, values } = ring.take()!
    expect([first, values.length, values.at(-1), dropped]).toEqual([991, 10, "v999 ", 990])
    expect(ring.add("next")).toBe(1001)
    expect(ring.take()).toEqual({ first: 1001, values: ["next"], dropped: 0 })
  })

  it("drops even what alone is over the bound, and goes on", () => {
    const ring = new ValueRing({ texts: 10, characters: 3 })
    expect(ring.add("four")).toBe(1)
    expect(ring.add("a")).toBe(2)
    expect(ring.take()).toEqual({ first: 2, values: ["a"], dropped: 1 })
  })
})
