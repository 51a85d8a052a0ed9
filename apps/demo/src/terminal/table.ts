/** A table of figures: a line a thing, a column a property. Where there is no room for it, a line a figure. */
import type { Screen } from "./screen.ts"
import { padEnd, width } from "./wrap.ts"

export type Table = Readonly<Record<string, Readonly<Record<string, string>>>>

const GAP = 3

export function table(screen: Screen, lines: Table): void {
  const { bold, cyan, dim } = screen.paint
  const names = Object.keys(lines)
  const heads = [...new Set(Object.values(lines).flatMap((line) => Object.keys(line)))]
  const widths = heads.map((head) => Math.max(width(head), ...names.map((name) => width(lines[name]![head] ?? ""))))
  const left = Math.max(...names.map(width))
  if (2 + left + widths.reduce((sum, each) => sum + GAP + each, 0) > screen.columns) {
    for (const name of names) {
      screen.line(`  ${cyan(name)}`)
      for (const head of heads) screen.line(`    ${dim(`${head}:`)} ${lines[name]![head] ?? ""}`)
    }
    return
  }
  const row = (cells: ReadonlyArray<string>) =>
    cells.map((cell, i) => " ".repeat(GAP + widths[i]! - width(cell)) + cell).join("")
  screen.line(`  ${" ".repeat(left)}${row(heads.map(bold))}`)
  screen.line(`  ${dim("─".repeat(left + widths.reduce((sum, each) => sum + GAP + each, 0)))}`)
  for (const name of names) {
    screen.line(`  ${cyan(padEnd(name, left))}${row(heads.map((head) => lines[name]![head] ?? ""))}`)
  }
}
