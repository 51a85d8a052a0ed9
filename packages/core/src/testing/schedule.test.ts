import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decodeSchedule, encodeSchedule, InvalidSchedule } from "./schedule.ts"

describe("a schedule as text", () => {
  it("counts the default decisions before each deviation", () => {
    expect(encodeSchedule([0, 0, 0, 1, 2])).toBe("3:1 0:2")
    expect(decodeSchedule("3:1 0:2")).toEqual([0, 0, 0, 1, 2])
  })

  it("says so where there is no deviation, however many decisions there were", () => {
    expect(encodeSchedule([])).toBe("default")
    expect(encodeSchedule([0, 0, 0])).toBe("default")
    expect(decodeSchedule("default")).toEqual([])
  })

  it("gives back every schedule, but for default decisions at its end", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 12 })), (decisions) => {
        const last = decisions.findLastIndex((decision) => decision !== 0)
        expect(decodeSchedule(encodeSchedule(decisions))).toEqual(decisions.slice(0, last + 1))
      }),
    )
  })

  it("may be broken by lines and indented, as in a test's source", () => {
    expect(decodeSchedule("\n  1:1\n  0:3\t2:1 ")).toEqual([0, 1, 3, 0, 0, 1])
  })

  it.each(["", "x", "1", "1:", ":1", "1:0", "-1:1", "1:1,2:1", "1.5:1", "1:1 default", "99999999:1"])(
    "is refused where it is none: %o",
    (text) => {
      expect(() => decodeSchedule(text)).toThrow(InvalidSchedule)
      expect(() => decodeSchedule(text)).toThrow(
        `explore: ${JSON.stringify(text)} is no schedule; give the seed of a failure, such as "3:1 0:2"`,
      )
    },
  )
})
