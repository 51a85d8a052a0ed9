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

/**
 * Of all threads. Start sites are captured within a budget: those without one join the group that is otherwise the same, if there is only one, as in dumps.
 */
function merged(stats: ProcessStats): Array<StatsGroup> {
  const alike = new Map<string, Map<string | undefined, StatsGroup>>()
  for (const { groups } of stats.threads)
    for (const group of groups) {
      const key = `${group.name}\n${group.status}\n${group.reason ?? ""}`
      const bySite = alike.get(key) ?? new Map<string | undefined, StatsGroup>()
      const other = bySite.get(group.startedAt)
      bySite.set(group.startedAt, other === undefined ? group : sum(other, group))
      alike.set(key, bySite)
    }
  return [...alike.values()].flatMap((bySite) => {
    const siteless = bySite.get(undefined)
    const sited = [...bySite.values()].filter((group) => group !== siteless)
    const [only] = sited
    return siteless !== undefined && only !== undefined && sited.length === 1
      ? [sum(only, siteless)]
      : [...bySite.values()]
  })
}

function sum(a: StatsGroup, b: StatsGroup): StatsGroup {
  return {
    ...a,
    count: a.count + b.count,
    oldestWaitMillis: Math.max(a.oldestWaitMillis, b.oldestWaitMillis),
  }
}
