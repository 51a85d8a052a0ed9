import { describe, expect, it } from "vitest"
import { bold, fit, fitMiddle, padEnd, padStart, red, render, widthOf } from "./paint.ts"

describe("paint", () => {
  it("makes escape sequences of styles only where colours are wanted", () => {
    expect(render(`a ${bold("b")} c`, true)).toBe("a \u001b[1mb\u001b[0m c")
    expect(render(`a ${bold("b")} c`, false)).toBe("a b c")
  })

  it.each([
    ["escape sequences", "\u001b]0;title\u0007\u001b[2J", "�]0;title��[2J"],
    ["C1 controls", "\u009b2J", "�2J"],
    ["carriage returns and tabs", "a\rb\tc", "a�b�c"],
    ["what turns the direction", "a\u202eb\u2066c", "a�b�c"],
  ])("lets no %s through that another process has in its names", (_, name, shown) => {
    expect(render(name, true)).toBe(shown)
  })

  it("keeps line feeds", () => {
    expect(render("a\nb", false)).toBe("a\nb")
  })

  it.each([
    ["plain", 5],
    [bold("plain"), 5],
    ["größe →", 7],
    ["日本", 4],
    ["🚀", 2],
  ])("counts the columns of %s", (text, width) => {
    expect(widthOf(text)).toBe(width)
  })

  it("cuts to the columns that there are, with an ellipsis, and ends the styles that it cuts", () => {
    expect(fit("abcdef", 6)).toBe("abcdef")
    expect(fit("abcdef", 5)).toBe("abcd…")
    expect(render(fit(`ab${red("cdef")}gh`, 5), true)).toBe("ab\u001b[31mcd…\u001b[0m")
    expect(widthOf(fit("日本日本", 4))).toBeLessThanOrEqual(4)
  })

  it.each([
    ["abcdefgh", 8, "abcdefgh"],
    ["abcdefgh", 7, "abc…fgh"],
    ["abcdefgh", 6, "abc…gh"],
    ["日本日本", 6, "日…本"],
    ["abc", 1, "…"],
  ])("leaves out the middle of %s in %i columns", (text, columns, shown) => {
    expect(fitMiddle(text, columns)).toBe(shown)
  })

  it("pads by columns, not by characters", () => {
    expect(padEnd("日本", 5)).toBe("日本 ")
    expect(padStart(bold("a"), 3)).toBe(`  ${bold("a")}`)
    expect(padEnd("abc", 2)).toBe("abc")
  })
})
