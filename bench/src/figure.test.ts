import { describe, expect, it } from "vitest"
import { figure } from "./figure.ts"

const answer = (samples: Array<number>, shares = samples.map(() => 1)) => ({ batches: 1, checksum: 0, samples, shares })

describe("a figure", () => {
  it("compares with Go round by round, so that a slow moment of the machine cancels out", () => {
    const own = [answer([50]), answer([500]), answer([60])]
    const go = [answer([100]), answer([1000]), answer([100])]
    expect(figure(own, go).toGo?.median).toBe(0.5)
  })

  it("leaves out samples that had to wait for a processor, unless there are no others", () => {
    expect(figure([answer([10, 90], [1, 0.4])], undefined)).toMatchObject({ median: 10, disturbed: 0 })
    expect(figure([answer([80, 90], [0.5, 0.4])], undefined)).toMatchObject({ median: 85, disturbed: 1 })
  })

  it("has quartiles between its values", () => {
    expect(figure([answer([1, 2, 3, 4])], undefined)).toMatchObject({ low: 1.75, median: 2.5, high: 3.25 })
  })
})
