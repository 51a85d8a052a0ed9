import { describe, expect, it } from "vitest"
import { render, widthOf } from "./paint.ts"
import { table } from "./table.ts"

interface Row {
  readonly n: number
  readonly name: string
}

const columns = [
  { title: "N", align: "right", text: (row: Row) => `${row.n}` },
  { title: "NAME", align: "left", text: (row: Row) => row.name, isElastic: true },
  { title: "END", align: "left", text: () => "x" },
] as const
const shown = (rows: ReadonlyArray<Row>, width: number) =>
  table(columns, rows, width).map((line) => render(line, false))

describe("table", () => {
  it("aligns by the widest cell and leaves no blanks at the ends of lines", () => {
    expect(
      shown(
        [
          { n: 1, name: "a" },
          { n: 200, name: "bcdef" },
        ],
        80,
      ),
    ).toEqual(["  N  NAME   END", "  1  a      x", "200  bcdef  x"])
  })

  it("takes what is too much from the elastic column", () => {
    const lines = shown([{ n: 1, name: "a".repeat(50) }], 20)
    expect(lines[1]).toBe(`1  ${"a".repeat(11)}…  x`)
    expect(lines.every((line) => widthOf(line) <= 20)).toBe(true)
  })

  it("cuts nothing where the width has no end", () => {
    expect(shown([{ n: 1, name: "a".repeat(500) }], Infinity)[1]).toContain("a".repeat(500))
  })
})
