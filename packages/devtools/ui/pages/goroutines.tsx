import { useMemo } from "preact/hooks"
import { count, duration } from "../model/figures.ts"
import { type GoroutineRow, shortSite } from "../model/goroutine-row.ts"
import { filterRows, sortRows } from "../model/table-order.ts"
import { Empty } from "../parts/empty.tsx"
import { PageHead } from "../parts/page-head.tsx"
import { StateBadge } from "../parts/state-badge.tsx"
import { type Column, VirtualTable } from "../parts/virtual-table.tsx"
import { useCell } from "../state/cell.ts"
import { adjust, route, select } from "../state/route.ts"
import { GroupTable } from "./goroutine-groups.tsx"
import { useRows } from "./use-rows.ts"

const columns: ReadonlyArray<Column<GoroutineRow>> = [
  { key: "id", title: "#", width: "70px", isNumber: true, isSortable: true, cell: (row) => row.id },
  { key: "name", title: "Name", width: "minmax(140px, 1.4fr)", isSortable: true, cell: (row) => row.name || "—" },
  {
    key: "state",
    title: "State",
    width: "minmax(176px, 1fr)",
    isSortable: true,
    cell: (row) => <StateBadge row={row} />,
  },
  {
    key: "wait",
    title: "For",
    width: "96px",
    isNumber: true,
    isSortable: true,
    cell: (row) => (row.waitMillis > 0 ? duration(row.waitMillis) : ""),
  },
  {
    key: "detail",
    title: "On",
    width: "minmax(120px, 1.2fr)",
    cell: (row) => <span class="muted">{row.detail}</span>,
  },
  {
    key: "site",
    title: "Where",
    width: "minmax(140px, 1.2fr)",
    isSortable: true,
    cell: (row) => (
      <span class="mono" title={row.site}>
        {shortSite(row.site)}
      </span>
    ),
  },
  { key: "thread", title: "Thread", width: "90px", isSortable: true, cell: (row) => row.threadName },
]

export function Goroutines() {
  const { params } = useCell(route)
  const rows = useRows()
  const filter = params["filter"] ?? ""
  const sort = params["sort"] ?? "-wait"
  const isGrouped = params["group"] === "stack"
  const filtered = useMemo(() => (rows === undefined ? undefined : filterRows(rows, filter)), [rows, filter])
  const sorted = useMemo(() => (filtered === undefined ? undefined : sortRows(filtered, sort)), [filtered, sort])
  return (
    <section class="page filling">
      <PageHead title="Goroutines">
        {rows === undefined || filtered === undefined ? null : (
          <span class="muted">
            {filtered.length === rows.length
              ? count(rows.length)
              : `${count(filtered.length)} of ${count(rows.length)}`}
          </span>
        )}
      </PageHead>
      <div class="toolbar">
        <input
          type="search"
          data-filter
          placeholder="Filter: a word, status:waiting, reason:mutex, thread:main …"
          aria-label="Filter goroutines"
          value={filter}
          onInput={(event) => adjust({ filter: event.currentTarget.value })}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={isGrouped}
            onChange={(event) => adjust({ group: event.currentTarget.checked ? "stack" : undefined })}
          />
          Group by stack
        </label>
      </div>
      {sorted === undefined ? (
        <Empty title="No goroutines yet">They are shown as soon as there is a dump or a trace.</Empty>
      ) : sorted.length === 0 ? (
        <Empty title={filter === "" ? "No goroutines" : "Nobody fits the filter"}>
          {filter === "" ? (
            "The process runs none at the moment."
          ) : (
            <button onClick={() => adjust({ filter: "" })}>Show all</button>
          )}
        </Empty>
      ) : isGrouped ? (
        <GroupTable rows={sorted} />
      ) : (
        <VirtualTable
          label="Goroutines"
          rows={sorted}
          rowKey={(row) => row.key}
          columns={columns}
          selected={params["g"]}
          sort={sort}
          onSort={(next) => adjust({ sort: next })}
          onOpen={(row) => select({ g: row.key })}
        />
      )}
    </section>
  )
}
