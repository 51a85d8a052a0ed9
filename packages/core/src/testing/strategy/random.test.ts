import { describe, expect, it } from "vitest"
import { RandomStrategy } from "./random.ts"

describe("a random search", () => {
  it.each([2, 3, 7])("takes each of %d alternatives about as often as the others, between steps and inside", (n) => {
    const strategy = new RandomStrategy(1)
    const processes = Array.from({ length: n }, (_, i) => i + 2)
    const [between, inside] = [processes.map(() => 0), processes.map(() => 0)]
    for (let schedule = 0; schedule < 100; schedule++) {
      strategy.begin()
      for (let i = 0; i < 10 * n; i++) {
        between[strategy.schedule(processes)]!++
        inside[strategy.choose(n)]!++
      }
      strategy.end()
    }
    for (const times of [...between, ...inside]) {
      expect(times).toBeGreaterThan(850)
      expect(times).toBeLessThan(1_150)
    }
  })

  it("goes the same way again from the same seed, another way in each schedule, and does not ask where there is one", () => {
    const course = (strategy: RandomStrategy) => {
      strategy.begin()
      return Array.from({ length: 40 }, (_, i) => strategy.schedule(i % 4 === 0 ? [2] : [2, 3, 4])).join("")
    }
    const [one, same] = [new RandomStrategy(5), new RandomStrategy(5)]
    const courses = Array.from({ length: 10 }, () => course(one))
    expect(Array.from({ length: 10 }, () => course(same))).toEqual(courses)
    expect(new Set(courses).size).toBe(10)
    for (const each of courses) expect(each).toMatch(/^(0...)+$/)
  })
})
