import { describe, expect, it } from "vitest"
import { Strings } from "./strings.ts"

describe("Strings", () => {
  it("numbers each once, from 1, and sends each once", () => {
    const strings = Strings.ofRecorder()
    expect(["a", "b", "a", "", undefined].map((text) => strings.numberOf(text))).toEqual([1, 2, 1, 0, 0])
    expect(strings.takeNew()).toEqual({ first: 1, strings: ["a", "b"] })
    expect(strings.takeNew()).toBeUndefined()
    expect(strings.numberOf("c")).toBe(3)
    expect(strings.takeNew()).toEqual({ first: 3, strings: ["c"] })
    strings.rewind()
    expect(strings.takeNew()).toEqual({ first: 1, strings: ["a", "b", "c"] })
  })

  it("keeps the latest of a million, in bounded memory, under numbers that are nobody else's", { tags: "long" }, () => {
    const strings = Strings.ofRecorder()
    let forgotten = 0
    strings.onForgotten = () => forgotten++
    const numbers = new Set<number>()
    for (let i = 0; i < 1_000_000; i++) numbers.add(strings.numberOf(`text ${i}`))
    expect(numbers.size).toBe(1_000_000)
    expect(forgotten).toBeGreaterThan(10)
    const { first, strings: kept } = strings.all()
    expect(kept.length).toBeLessThanOrEqual(2 * 32_768)
    expect(kept.at(-1)).toBe("text 999999")
    expect(first + kept.length - 1).toBe(strings.numberOf("text 999999"))
  })

  it("cuts what is too long, and keeps apart what begins alike", () => {
    const strings = Strings.ofRecorder()
    const [a, b] = [`${"x".repeat(5000)}a`, `${"x".repeat(5000)}b`]
    expect(strings.numberOf(a)).not.toBe(strings.numberOf(b))
    for (const text of strings.all().strings) expect(text.length).toBeLessThan(2100)
  })

  it("of one look forgets and cuts nothing", () => {
    const strings = Strings.ofOneLook()
    const long = "x".repeat(5000)
    strings.numberOf(long)
    for (let i = 0; i < 200_000; i++) strings.numberOf(`text ${i}`)
    expect(strings.numberOf(long)).toBe(1)
    const { first, strings: all } = strings.takeNew()!
    expect([first, all.length, all[0], all.at(-1)]).toEqual([1, 200_001, long, "text 199999"])
  })
})
