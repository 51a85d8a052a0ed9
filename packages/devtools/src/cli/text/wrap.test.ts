import { describe, expect, it } from "vitest"
import { bold } from "./paint.ts"
import { wrap } from "./wrap.ts"

describe("wrap", () => {
  it("breaks between words, at the columns that there are", () => {
    expect(wrap("aa bb cc dd", 5)).toBe("aa bb\ncc dd")
  })

  it("indents each line", () => {
    expect(wrap("aa bb cc", 5, "  ")).toBe("  aa\n  bb\n  cc")
  })

  it("leaves a word that is too long in one piece: it may be a path", () => {
    expect(wrap("a /a/very/long/path b", 5)).toBe("a\n/a/very/long/path\nb")
  })

  it("counts styles for nothing", () => {
    expect(wrap(`${bold("aa")} ${bold("bb")} cc`, 5)).toBe(`${bold("aa")} ${bold("bb")}\ncc`)
  })
})
