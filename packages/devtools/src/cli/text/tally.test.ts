import { describe, expect, it } from "vitest"
import { tally } from "./tally.ts"

describe("tally", () => {
  it("lists the commonest first, and counts the texts left out", () => {
    expect(tally(["a", "b", "b", "c", "c", "c", "d"], 2)).toEqual({
      shown: [
        { text: "c", times: 3 },
        { text: "b", times: 2 },
      ],
      others: 2,
    })
  })

  it("is empty where nothing is said", () => {
    expect(tally([], 2)).toEqual({ shown: [], others: 0 })
  })
})
