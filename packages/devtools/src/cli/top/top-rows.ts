import type { ProcessStats, StatsGroup } from "../../format/stats.ts"
import type { Sort, TopState } from "./top-state.ts"

/** The groups of all threads together, filtered and ordered. */
export function topRows(
  stats: ProcessStats,
  { filter, isReversed, sort }: Pick<TopState, "filter" | "isReversed" | "sort">,
): ReadonlyArray<StatsGroup> {
  const rows = merged(stats).filter((row) => contains(row, filter.toLowerCase()))
  const compare = orders[sort]
  rows.sort((a, b) => (isReversed ? -1 : 1) * compare(a, b) || orders.count(a, b) || orders.name(a, b))
  return rows
}

const orders: Record<Sort, (a: StatsGroup, b: StatsGroup) => number> = {
  count: (a, b) => b.count - a.count,
  wait: (a, b) => b.oldestWaitMillis - a.oldestWaitMillis,
  state: (a, b) => stateOf(a).localeCompare(stateOf(b)),
  name: (a, b) => a.name.localeCompare(b.name),
}

export function stateOf({ reason, status }: StatsGroup): string {
  return reason ?? status
}

function contains(row: StatsGroup, filter: string): boolean {
  return filter === "" || `${row.name}\n${stateOf(row)}\n${row.startedAt ?? ""}`.toLowerCase().includes(filter)
}

function merged(stats: ProcessStats): Array<StatsGroup> {
  const rows = new Map<string, StatsGroup>()
  for (const { groups } of stats.threads)
    for (const group of groups) {
      const key = `${group.name}\n${group.status}\n${group.reason ?? ""}\n${group.startedAt ?? ""}`
      const other = rows.get(key)
      rows.set(key, other === undefined ? group : sum(other, group))
    }
  return [...rows.values()]
}

function sum(a: StatsGroup, b: StatsGroup): StatsGroup {
  return {
    ...a,
    count: a.count + b.count,
    oldestWaitMillis: Math.max(a.oldestWaitMillis, b.oldestWaitMillis),
  }
}
