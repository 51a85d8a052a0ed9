import { bold, fit, padEnd, padStart, widthOf } from "./paint.ts"

export interface Column<Row> {
  readonly title: string
  readonly align: "left" | "right"
  readonly text: (row: Row) => string
  /** Gets the columns that the others leave, and is cut to them. At most one. */
  readonly isElastic?: boolean
  /** What stands there where the text has not enough columns; without it the text is cut at its end. */
  readonly shortened?: (row: Row, columns: number) => string
}

/** A heading and a line a row, no wider than `columns`. */
export function table<Row>(
  columns: ReadonlyArray<Column<Row>>,
  rows: ReadonlyArray<Row>,
  width: number,
): ReadonlyArray<string> {
  const cells = rows.map((row) => columns.map((column) => column.text(row)))
  const widths = columns.map((column, i) =>
    cells.reduce((most, row) => Math.max(most, widthOf(row[i]!)), widthOf(column.title)),
  )
  const elastic = columns.findIndex((column) => column.isElastic)
  if (elastic !== -1) {
    const others = widths.reduce(
      (sum, each, i) => (i === elastic ? sum : sum + each),
      gap.length * (columns.length - 1),
    )
    widths[elastic] = Math.max(columns[elastic]!.title.length, Math.min(widths[elastic]!, width - others))
  }
  const line = (texts: ReadonlyArray<string>, row?: Row): string => {
    const padded = texts.map((text, i) => {
      const { align, shortened } = columns[i]!
      const most = widths[i]!
      const isLong = row !== undefined && shortened !== undefined && widthOf(text) > most
      const fitting = fit(isLong ? shortened(row, most) : text, most)
      return align === "left" ? padEnd(fitting, most) : padStart(fitting, most)
    })
    return fit(padded.join(gap).trimEnd(), width)
  }
  return [bold(line(columns.map((column) => column.title))), ...cells.map((texts, i) => line(texts, rows[i]))]
}

const gap = "  "
