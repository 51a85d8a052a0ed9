import type { Goroutine } from "../goroutine.ts"
import { columnName, type Line, type Recorder } from "./recorder.ts"

const mostWidth = 150
/** The widest a column may be, and what to try where there are too many of them. */
const mostColumnWidths: ReadonlyArray<number> = [44, 32, 24, 16, 12, 8]
const separator = " | "
/** A livelock repeats itself. */
const mostLines = 60

/**
 * A schedule as text: a line a step, a column a goroutine. A cell that is wider than its column runs over those to its right, which are
 * empty in its line. With too many goroutines for columns, each line names its own.
 */
export function formatInterleaving(recorder: Recorder): string {
  const { goroutines, lines } = recorder
  const names = apart(goroutines.map(columnName))
  const cells = lines.map(cellOf)
  const columns = lines.map((line) => goroutines.indexOf(line.goroutine as Goroutine))
  const shown = lines.flatMap((_, i) => (i < mostLines / 2 || i >= lines.length - mostLines / 2 ? [i] : []))
  const longest = names.map((name, column) =>
    shown.reduce((most, i) => (columns[i] === column ? Math.max(most, cells[i]!.length) : most), name.length),
  )
  const widths = mostColumnWidths
    .map((most) => longest.map((width) => Math.min(width, most)))
    .find((widths) => widths.reduce((sum, width) => sum + width + separator.length, 4) <= mostWidth)
  const digits = Math.max(3, String(lines.length).length)
  const margin = " ".repeat(digits + 1)
  const rowOf = widths === undefined ? listed(names) : inColumns(widths)
  const rows = shown.map((i) => {
    const column = columns[i]!
    return `${String(i + 1).padStart(digits)} ${column < 0 ? `-- ${cells[i]!} --` : rowOf(column, cells[i]!)}`.trimEnd()
  })
  if (shown.length < lines.length)
    rows.splice(mostLines / 2, 0, `${margin}... ${lines.length - shown.length} steps ...`)
  if (widths === undefined) return rows.join("\n")
  const head = names.map((name, column) => cut(name, widths[column]!).padEnd(widths[column]!)).join(separator)
  return [`${margin}${head}`.trimEnd(), ...rows].join("\n")
}

/** Goroutines of one name are numbered: "take", "take 2". */
function apart(names: ReadonlyArray<string>): ReadonlyArray<string> {
  const counts = new Map<string, number>()
  return names.map((name) => {
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return count === 1 ? name : `${name} ${count}`
  })
}

type RowOf = (column: number, cell: string) => string

const inColumns =
  (widths: ReadonlyArray<number>): RowOf =>
  (column, cell) => {
    const left = widths.slice(0, column).map((width) => " ".repeat(width) + separator)
    if (cell.length > widths[column]!) return left.join("") + cell
    const right = widths.slice(column + 1).map((width) => separator + " ".repeat(width))
    return left.join("") + cell.padEnd(widths[column]!) + right.join("")
  }

function listed(names: ReadonlyArray<string>): RowOf {
  const shortened = names.map((name) => cut(name, mostColumnWidths[0]!))
  const width = Math.max(...shortened.map((name) => name.length))
  return (column, cell) => `${shortened[column]!.padEnd(width)}${separator}${cell}`
}

const cellOf = ({ text, where }: Line): string => (where === "" ? text : `${text}  ${where}`)

/** Names differ at their ends: "worker-10" is "work…-10". */
function cut(text: string, most: number): string {
  const end = Math.floor((most - 1) / 2)
  return text.length <= most ? text : `${text.slice(0, most - 1 - end)}…${text.slice(-end)}`
}
