/** Filter and order of rows, as they stand in the address: "worker status:waiting", "-wait". */
import type { GoroutineRow } from "./goroutine-row.ts"
import { doing } from "./goroutine-row.ts"

/** Words that must all be somewhere in the row; `status:`, `thread:`, `reason:` look at one field. */
export function filterRows(rows: ReadonlyArray<GoroutineRow>, filter: string): ReadonlyArray<GoroutineRow> {
  // Quotes keep blanks together: reason:"chan receive".
  const words = (filter.toLowerCase().match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []).map((word) => word.replaceAll('"', ""))
  if (words.length === 0) return rows
  return rows.filter((row) => words.every((word) => matches(row, word)))
}

const fields: Readonly<Record<string, (row: GoroutineRow) => string>> = {
  status: (row) => row.status,
  thread: (row) => `${row.thread} ${row.threadName}`,
  reason: (row) => row.reason,
  name: (row) => row.name,
  site: (row) => `${row.site} ${row.startedAt}`,
}

function matches(row: GoroutineRow, word: string): boolean {
  const colon = word.indexOf(":")
  const field = colon > 0 ? fields[word.slice(0, colon)] : undefined
  if (field !== undefined)
    return field(row)
      .toLowerCase()
      .includes(word.slice(colon + 1))
  return (
    row.name.toLowerCase().includes(word) ||
    doing(row).toLowerCase().includes(word) ||
    row.detail.toLowerCase().includes(word) ||
    row.site.toLowerCase().includes(word) ||
    row.startedAt.toLowerCase().includes(word) ||
    String(row.id) === word.replace(/^#/, "")
  )
}

export type SortKey = "id" | "name" | "state" | "wait" | "site" | "thread"

const keys: Readonly<Record<SortKey, (a: GoroutineRow, b: GoroutineRow) => number>> = {
  id: (a, b) => a.thread - b.thread || a.id - b.id,
  name: (a, b) => compare(a.name, b.name),
  state: (a, b) => a.stateClass - b.stateClass || compare(a.reason, b.reason),
  wait: (a, b) => a.waitMillis - b.waitMillis,
  site: (a, b) => compare(a.site, b.site),
  thread: (a, b) => a.thread - b.thread,
}

/** "wait", or "-wait" for the largest first. */
export function sortRows(rows: ReadonlyArray<GoroutineRow>, sort: string): ReadonlyArray<GoroutineRow> {
  const order = keys[sort.replace(/^-/, "") as SortKey] as ((a: GoroutineRow, b: GoroutineRow) => number) | undefined
  if (order === undefined) return rows
  const sign = sort.startsWith("-") ? -1 : 1
  return rows.toSorted((a, b) => sign * order(a, b))
}

/** Not by locale: a hundred thousand names would take a second. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
