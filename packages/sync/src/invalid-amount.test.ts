import { Panic } from "@weft/core"
import { describe, expect, it } from "vitest"
import { checkedCount, InvalidAmount } from "./invalid-amount.ts"

describe("a number that says how many", () => {
  it("is answered as it is, from the least to the most", () => {
    for (const count of [0, 1, Number.MAX_SAFE_INTEGER]) expect(checkedCount("latch: count", count)).toBe(count)
    for (const count of [1, 9]) expect(checkedCount("barrier: parties", count, 1, 9)).toBe(count)
  })

  it.each([
    [-1, "latch: n < 0 (-1)"],
    [1.5, "latch: n is no whole number (1.5)"],
    [-0.5, "latch: n is no whole number (-0.5)"],
    [Number.NaN, "latch: n is no whole number (NaN)"],
    [Infinity, "latch: n is no whole number (Infinity)"],
    [undefined, "latch: n is no whole number (undefined)"],
    ["3", 'latch: n is no whole number ("3")'],
    [3n, "latch: n is no whole number (3n)"],
    [{ n: 3 }, "latch: n is no whole number (an object {n})"],
    [Object.create(null) as unknown, "latch: n is no whole number (an object {})"],
    [2 ** 60, `latch: n > ${Number.MAX_SAFE_INTEGER} (${2 ** 60})`],
  ] as ReadonlyArray<readonly [unknown, string]>)(
    "is refused with what was given and what is wanted, and nothing false about it: %s",
    (given, what) => {
      const attempt = () => checkedCount("latch: n", given as number)
      const error = thrownBy(attempt)
      expect(error).toBeInstanceOf(InvalidAmount)
      expect(error).toBeInstanceOf(Panic)
      expect(error).toMatchObject({ message: `${what}; pass a whole number from 0 on`, fields: { given } })
    },
  )

  it("is refused beyond the most, which the message names as well", () => {
    expect(() => checkedCount("barrier: parties", 10, 1, 9)).toThrow(
      "barrier: parties > 9 (10); pass a whole number from 1 to 9",
    )
    expect(() => checkedCount("barrier: parties", 0, 1, 9)).toThrow(
      "barrier: parties < 1 (0); pass a whole number from 1 to 9",
    )
  })
})

function thrownBy(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}
