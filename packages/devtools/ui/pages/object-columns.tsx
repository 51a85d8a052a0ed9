import { count, nanos } from "../model/figures.ts"
import type { ObjectRow, ObjectThen } from "../model/object-row.ts"
import type { Column } from "../parts/virtual-table.tsx"

/** Which one it is. */
export const identity = <Row extends ObjectRow>(title: string): ReadonlyArray<Column<Row>> => [
  { key: "thread", title: "Thread", width: "90px", cell: ({ threadName }) => threadName },
  {
    key: "kind",
    title,
    width: "minmax(130px, 1fr)",
    cell: (row) => (
      <>
        {row.kind} <small>#{row.id}</small>{" "}
        {"isClosed" in row && row.isClosed === true ? <span class="tag">closed</span> : null}
      </>
    ),
  },
]

/** How much was waited for it. */
export const waits: ReadonlyArray<Column<ObjectThen>> = [
  { key: "waits", title: "Waits", width: "80px", isNumber: true, cell: ({ summary }) => count(summary.waits) },
  {
    key: "mean",
    title: "Mean",
    width: "85px",
    isNumber: true,
    cell: ({ summary: { totalNanos, waits: n } }) => (n === 0 ? "" : nanos(totalNanos / n)),
  },
  { key: "max", title: "Longest", width: "85px", isNumber: true, cell: ({ summary }) => orNothing(summary.maxNanos) },
  {
    key: "total",
    title: "Waited in all",
    width: "110px",
    isNumber: true,
    cell: ({ summary }) => orNothing(summary.totalNanos),
  },
  {
    key: "still",
    title: "Wait at the end",
    width: "115px",
    isNumber: true,
    cell: ({ summary }) => (summary.stillWaiting === 0 ? "" : count(summary.stillWaiting)),
  },
]

const orNothing = (n: number): string => (n === 0 ? "" : nanos(n))
