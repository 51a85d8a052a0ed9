import { describe, expect, it } from "vitest"
import { BadOption, parseOptions } from "./options.ts"

describe("the command line", () => {
  it("knows a question however it is hyphenated", () => {
    expect(parseOptions(["--only", "pingpong,Select_64"])).toMatchObject({ only: ["ping-pong", "select-64"] })
    expect(parseOptions(["--profile", "fanIn"])).toEqual({ command: "profile", question: "fan-in" })
  })

  it("names the questions there are to whoever asks for another", () => {
    expect(() => parseOptions(["--only", "quicksort"])).toThrow(/"quicksort"; there are ping-pong, /)
  })

  it.each([["--rounds", "0"], ["--rounds", "x"], ["--fast"], ["ring"]])("refuses %s %s", (...args) => {
    expect(() => parseOptions(args)).toThrow(BadOption)
  })
})
