import { describe as suite, expect, it } from "vitest"
import { describe } from "./panic.ts"

suite("a value in an error message", () => {
  it.each([
    ["3", '"3"'],
    ['say "hi"', String.raw`"say \"hi\""`],
    ["x".repeat(41), "a string of 41 characters"],
    [3, "3"],
    [3n, "3n"],
    [undefined, "undefined"],
    [null, "null"],
    [Symbol("s"), "Symbol(s)"],
    [[1, 2], "an Array"],
    [new Map(), "a Map"],
    [Object.create(null), "an object {}"],
    [{ a: 1, b: 2, c: 3, d: 4 }, "an object {a, b, c}"],
    [function named() {}, "a plain function (named)"],
    [async () => {}, "an AsyncFunction"],
  ])("shows its type and never runs its code: %o", (value, shown) => {
    expect(describe(value)).toBe(shown)
  })
})
