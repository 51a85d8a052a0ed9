import type { Goroutine } from "../goroutine.ts"
import { columnName, type Line, type Recorder } from "./recorder.ts"

/** Wider than this, columns are no help. */
const mostColumns = 150
/** A livelock repeats itself. */
const mostLines = 60

/** A schedule as text: a line a step, a column a goroutine. */
export function formatInterleaving(recorder: Recorder): string {
  const { goroutines } = recorder
  const names = goroutines.map(columnName)
  const all = recorder.lines
  const lines = all.length <= mostLines ? all : [...all.slice(0, mostLines / 2), ...all.slice(-mostLines / 2)]
  const skippedAt = all.length <= mostLines ? -1 : mostLines / 2
  const columnOf = (line: Line): number => goroutines.indexOf(line.goroutine as Goroutine)
  const cells = lines.map((line) => cellOf(line))
  const widths = names.map((name, column) =>
    Math.max(name.length, ...lines.map((line, i) => (columnOf(line) === column ? cells[i]!.length : 0))),
  )
  const isWide = widths.reduce((sum, width) => sum + width + 3, 4) > mostColumns
  const nameWidth = Math.max(...names.map((name) => name.length), 0)
  const rows = lines.map((line, i) => {
    const column = columnOf(line)
    if (column < 0) return `-- ${cells[i]!} --`
    if (isWide) return `${names[column]!.padEnd(nameWidth)} | ${cells[i]!}`
    return widths.map((width, k) => (k === column ? cells[i]! : "").padEnd(width)).join(" | ")
  })
  const numbered = rows.map((row, i) => {
    const number = skippedAt >= 0 && i >= skippedAt ? all.length - (lines.length - i) + 1 : i + 1
    return `${String(number).padStart(3)} ${row}`.trimEnd()
  })
  if (skippedAt >= 0) numbered.splice(skippedAt, 0, `    ... ${all.length - lines.length} steps ...`)
  if (isWide) return numbered.join("\n")
  return [`    ${names.map((name, k) => name.padEnd(widths[k]!)).join(" | ")}`.trimEnd(), ...numbered].join("\n")
}

const cellOf = ({ text, where }: Line): string => (where === "" ? text : `${text}  ${where}`)
