/**
 * Layout: where the bars of a picture stand, in columns of one character, for text and page alike.
 *
 * Invariant: two ends of bars stand in the same order as the calls and returns that they are. Only that order is time: a bar is as long as
 * its text and what happens meanwhile.
 */
import type { Labels } from "./labels.ts"
import type { Operation } from "./operation.ts"

/** Columns between two ends of bars. */
const gap = 2
/** Columns that a bar has besides its text: `|--` and `--`. */
const around = 5

export interface Bar<Call, Result> {
  readonly operation: Operation<Call, Result>
  readonly text: string
  readonly column: number
  readonly width: number
  /** It goes on where the picture ends. */
  readonly isOpen: boolean
}

export interface Row<Call, Result> {
  /** The client; empty in a further row of the same one. */
  readonly name: string
  readonly bars: ReadonlyArray<Bar<Call, Result>>
}

/** `operations` in order of their calls. */
export function layoutOf<Call, Result>(
  operations: ReadonlyArray<Operation<Call, Result>>,
  labels: Labels<Call, Result>,
): ReadonlyArray<Row<Call, Result>> {
  const times = operations
    .flatMap(({ called, returned }) => (returned === undefined ? [called] : [called, returned]))
    .sort((a, b) => a - b)
  const first = new Map(times.map((time, place) => [time, place] as const).reverse())
  const last = new Map(times.map((time, place) => [time, place] as const))
  const spans = operations.map((operation) => ({
    operation,
    text: labels.operation(operation),
    from: first.get(operation.called)!,
    to: operation.returned === undefined ? times.length : last.get(operation.returned)!,
  }))
  const columns = columnsOf(spans, times.length)
  const bars = spans.map(({ from, operation, text, to }) => {
    const column = columns[from]!
    return { operation, text, column, width: columns[to]! - column, isOpen: to === times.length }
  })
  return rowsOf(bars)
}

/** As far to the left as the texts allow. */
function columnsOf(
  spans: ReadonlyArray<{ readonly text: string; readonly from: number; readonly to: number }>,
  end: number,
): ReadonlyArray<number> {
  const ending = new Map<number, Array<{ readonly text: string; readonly from: number }>>()
  for (const span of spans) {
    const others = ending.get(span.to)
    if (others === undefined) ending.set(span.to, [span])
    else others.push(span)
  }
  const columns = [0]
  for (let place = 1; place <= end; place++) {
    const least = (ending.get(place) ?? []).map(({ from, text }) => columns[from]! + text.length + around)
    columns.push(Math.max(columns[place - 1]! + gap, ...least))
  }
  return columns
}

/** Clients in order of their first call. What overlaps another of the same client's stands in a row below. */
function rowsOf<Call, Result>(bars: ReadonlyArray<Bar<Call, Result>>): ReadonlyArray<Row<Call, Result>> {
  const clients = new Map<string, Array<Array<Bar<Call, Result>>>>()
  for (const bar of bars) {
    const rows = clients.get(bar.operation.client) ?? []
    const free = rows.find((row) => row.at(-1)!.column + row.at(-1)!.width < bar.column)
    if (free === undefined) rows.push([bar])
    else free.push(bar)
    clients.set(bar.operation.client, rows)
  }
  return [...clients].flatMap(([name, rows]) => rows.map((row, i) => ({ name: i === 0 ? name : "", bars: row })))
}
