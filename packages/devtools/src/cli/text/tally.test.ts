import { describe, expect, it } from "vitest"
import { tally } from "./tally.ts"

describe("tally", () => {
  it("says nothing about how often where all are the same", () => {
    expect(tally(["a", "a"], 3)).toEqual([{ text: "a", times: "" }])
    expect(tally([], 3)).toEqual([])
  })

  it("lists the commonest first, and counts those left out at the last one", () => {
    expect(tally(["a", "b", "b", "c", "c", "c", "d"], 2)).toEqual([
      { text: "c", times: "3 times" },
      { text: "b", times: "2 times, and 2 others" },
    ])
    expect(tally(["a", "b"], 1)).toEqual([{ text: "a", times: "and 1 other" }])
  })
})
