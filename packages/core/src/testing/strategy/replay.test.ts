import { describe, expect, it } from "vitest"
import { ReplayStrategy } from "./replay.ts"

/** Replays it where there are choices of so many, in order: what was taken, and whether these were the same choices. */
function replayed(decisions: ReadonlyArray<number>, sizes: ReadonlyArray<number>) {
  const strategy = new ReplayStrategy(decisions)
  strategy.begin()
  const taken = sizes.map((size) =>
    strategy.schedule(
      Array.from({ length: size }, (_, i) => i + 2),
      false,
    ),
  )
  strategy.end()
  return { taken, isFaithful: strategy.isFaithful }
}

describe("a replay", () => {
  it("takes the decisions that it was given, and asks for none where there is one", () => {
    expect(replayed([2, 0, 1], [3, 1, 2, 1, 4])).toEqual({ taken: [2, 0, 0, 0, 1], isFaithful: true })
  })

  it("says when the program has come to other choices: a smaller one, or fewer", () => {
    expect(replayed([2, 1], [2, 2])).toEqual({ taken: [0, 1], isFaithful: false })
    expect(replayed([1, 1], [2])).toEqual({ taken: [1], isFaithful: false })
  })

  it("goes on as a plain run does where the decisions end, and is one schedule", () => {
    expect(replayed([1], [2, 3, 3])).toEqual({ taken: [1, 0, 0], isFaithful: true })
    const strategy = new ReplayStrategy([])
    expect([strategy.begin(), strategy.begin()]).toEqual([true, false])
  })
})
