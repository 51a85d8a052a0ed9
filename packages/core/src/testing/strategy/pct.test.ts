import { describe, expect, it } from "vitest"
import { PctStrategy } from "./pct.ts"

const steps = 20

/** The processes that run in so many schedules, where both can at any time. */
function courses(strategy: PctStrategy, schedules: number, length = steps): Array<string> {
  return Array.from({ length: schedules }, () => {
    strategy.begin()
    let course = ""
    for (let i = 0; i < length; i++) course += "ab"[strategy.schedule([2, 3])]!
    strategy.end()
    return course
  })
}

const switches = (course: string): number => course.match(/a(?=b)|b(?=a)/g)?.length ?? 0

describe("PCT", () => {
  it.each([1, 2, 3, 4])("of depth %d changes who runs up to one time fewer, and in some schedule as often", (depth) => {
    const counts = courses(new PctStrategy(depth, 1), 500).map(switches)
    expect(Math.max(...counts)).toBe(depth - 1)
  })

  it("begins with the one as often as with the other, and changes at every step", () => {
    const all = courses(new PctStrategy(2, 1), 2_000)
    const begun = all.filter((course) => course.startsWith("a")).length
    expect(begun).toBeGreaterThan(900)
    expect(begun).toBeLessThan(1_100)
    const changes = new Set(all.map((course) => course.lastIndexOf(course[0]!) + 1))
    expect(changes.size).toBeGreaterThanOrEqual(steps - 1)
  })

  it("lets who has fallen run only when no other can", () => {
    const strategy = new PctStrategy(2, 1)
    for (const course of courses(strategy, 500)) expect(course).toMatch(/^(a*b*|b*a*)$/)
  })

  it("does not starve whoever must end a spin: a schedule of many times the usual length has each run at last", () => {
    for (let seed = 0; seed < 20; seed++) {
      const strategy = new PctStrategy(1, seed)
      courses(strategy, 10)
      const [long] = courses(strategy, 1, 10 * steps)
      expect(new Set(long!.slice(5 * steps)).size).toBe(2)
    }
  })
})
