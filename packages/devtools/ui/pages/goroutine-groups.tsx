import { useMemo } from "preact/hooks"
import type { GoroutineGroup } from "../../src/analysis/groups.ts"
import { count, duration } from "../model/figures.ts"
import { type GoroutineRow, keyOf, shortSite } from "../model/goroutine-row.ts"
import { stateClass } from "../model/reason-class.ts"
import { StateBadge } from "../parts/state-badge.tsx"
import { type Column, VirtualTable } from "../parts/virtual-table.tsx"
import { useCell } from "../state/cell.ts"
import { dump } from "../state/observed.ts"
import { adjust } from "../state/route.ts"

interface GroupRow {
  readonly key: string
  readonly group: GoroutineGroup
  readonly size: number
}

const columns: ReadonlyArray<Column<GroupRow>> = [
  { key: "count", title: "Count", width: "80px", isNumber: true, cell: ({ size }) => count(size) },
  { key: "name", title: "Name", width: "minmax(140px, 1fr)", cell: ({ group }) => group.members[0]!.goroutine.name },
  {
    key: "state",
    title: "State",
    width: "minmax(150px, 1fr)",
    cell: ({ group }) => (
      <StateBadge
        row={{ status: group.status, reason: group.reason ?? "", stateClass: stateClass(group.status, group.reason) }}
      />
    ),
  },
  {
    key: "oldest",
    title: "Longest",
    width: "96px",
    isNumber: true,
    cell: ({ group }) => (group.status === "running" ? "" : duration(group.members[0]!.goroutine.waitMillis)),
  },
  {
    key: "where",
    title: "Where",
    width: "minmax(160px, 1.5fr)",
    cell: ({ group }) => <span class="mono">{group.stack.slice(0, 3).map(shortSite).join(" ← ")}</span>,
  },
  {
    key: "started",
    title: "Started at",
    width: "minmax(120px, 1fr)",
    cell: ({ group }) => <span class="mono">{shortSite(group.startedAt ?? "")}</span>,
  },
]

/** Goroutines that do the same at the same place, most numerous first. Opening a group shows who is in it. */
export function GroupTable({ rows }: { readonly rows: ReadonlyArray<GoroutineRow> }) {
  const model = useCell(dump).value
  const groups = useMemo(() => grouped(model?.groups ?? [], new Set(rows.map(({ key }) => key))), [model, rows])
  return (
    <VirtualTable
      label="Groups of goroutines"
      rows={groups}
      rowKey={({ key }) => key}
      columns={columns}
      onOpen={({ group }) => {
        const { name, reason, status } = group.members[0]!.goroutine
        const parts = [`name:"${name}"`, `status:${status}`, ...(reason === undefined ? [] : [`reason:"${reason}"`])]
        adjust({ group: undefined, filter: parts.join(" ") })
      }}
    />
  )
}

function grouped(groups: ReadonlyArray<GoroutineGroup>, shown: ReadonlySet<string>): ReadonlyArray<GroupRow> {
  return groups
    .map((group) => ({
      key: keyOf(group.members[0]!.thread, group.members[0]!.goroutine.id),
      group,
      size: group.members.filter(({ goroutine, thread }) => shown.has(keyOf(thread, goroutine.id))).length,
    }))
    .filter(({ size }) => size > 0)
    .sort((a, b) => b.size - a.size)
}
