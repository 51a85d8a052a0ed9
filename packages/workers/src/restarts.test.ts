import { describe, expect, it } from "vitest"
import { Restarts } from "./restarts.ts"

describe("Restarts", () => {
  it("allows so many within a time, and forgets those before", () => {
    const restarts = new Restarts(2, 1000)
    expect([0, 10, 1005].map((at) => restarts.allow(at))).toEqual([true, true, true])
    expect([1010.5, 1011].map((at) => restarts.allow(at))).toEqual([true, false])
  })
})
