/** Counts for `weft top`: no stacks, no objects. */
import type { AttachPoint } from "@weft/core"
import type { StatsGroup, ThreadStats } from "../format/stats.ts"
import { Busy } from "./busy.ts"
import { LoopLateness } from "./loop-lateness.ts"
import { walk } from "./walk.ts"

const mostGroups = 1000

type Counted = { -readonly [K in keyof StatsGroup]: StatsGroup[K] }

export class Statistics {
  readonly #busy = new Busy()
  readonly #lateness = new LoopLateness()

  async take(points: ReadonlySet<AttachPoint>): Promise<Omit<ThreadStats, "thread" | "name">> {
    const groups = new Map<string, Counted>()
    const counts = { running: 0, runnable: 0, waiting: 0 }
    const { longestPauseMillis } = await walk(points, ({ name, startedAt, status, waitMillis, waitReason }) => {
      if (status === "done") return
      counts[status]++
      const key = `${name}\n${status}\n${waitReason ?? ""}\n${startedAt ?? ""}`
      const group = groups.get(key)
      if (group !== undefined) {
        group.count++
        if (waitMillis > group.oldestWaitMillis) group.oldestWaitMillis = waitMillis
        return
      }
      const counted: Counted = { name, status, count: 1, oldestWaitMillis: waitMillis }
      if (waitReason !== undefined) counted.reason = waitReason
      if (startedAt !== undefined) counted.startedAt = startedAt
      groups.set(key, counted)
    })
    let created = 0
    for (const point of points) for (const { ids } of point.processors) created = Math.max(created, ids.last)
    return {
      heapUsedBytes: process.memoryUsage().heapUsed,
      utilization: this.#busy.take(),
      loopDelayMillis: this.#lateness.takeMost(),
      live: counts.running + counts.runnable + counts.waiting,
      ...counts,
      created,
      groups: [...groups.values()].sort((a, b) => b.count - a.count).slice(0, mostGroups),
      pauseMillis: longestPauseMillis,
    }
  }

  close(): void {
    this.#lateness.close()
  }
}
