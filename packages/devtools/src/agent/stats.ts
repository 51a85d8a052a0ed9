/** Counts for `weft top`: no stacks, no objects. */
import type { AttachPoint, Goroutine } from "@weft/core"
import type { StatsGroup, ThreadStats } from "../format/stats.ts"
import { Busy } from "./busy.ts"
import { heapUsedBytes } from "./heap.ts"
import { LoopLateness } from "./loop-lateness.ts"
import { Strings } from "./strings.ts"
import { walk } from "./walk.ts"

const mostGroups = 1000

interface Counted {
  readonly group: {
    readonly name: string
    readonly status: StatsGroup["status"]
    readonly reason: string | undefined
    readonly startedAt: string | undefined
  }
  readonly clock: Goroutine["processor"]["clock"]
  count: number
  /** Of the one that has waited longest. */
  parkedAt: number
}

const order = { runnable: 0, running: 1, waiting: 2 } as const
const mostTexts = 2 ** 20
const mostReasons = 2 ** 10

function countedFrom({ name, parkedAt, processor, startedAt, status, waitReason }: Goroutine): Counted {
  const group = {
    name,
    status: status as StatsGroup["status"],
    reason: waitReason,
    startedAt,
  }
  return { group, clock: processor.clock, count: 1, parkedAt }
}

function countOneMore(counted: Counted, parkedAt: number): void {
  counted.count++
  if (parkedAt < counted.parkedAt) counted.parkedAt = parkedAt
}

function groupOf({ clock, count, group, parkedAt }: Counted): StatsGroup {
  const waited = ((clock.now() | 0) - parkedAt) | 0
  const { name, reason, startedAt, status } = group
  return {
    name,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(startedAt === undefined ? {} : { startedAt }),
    count,
    oldestWaitMillis: status === "waiting" ? Math.max(0, waited) : 0,
  }
}

export class Statistics {
  readonly #busy = new Busy()
  readonly #lateness = new LoopLateness()

  async take(points: ReadonlySet<AttachPoint>): Promise<Omit<ThreadStats, "thread" | "name">> {
    const groups = new Map<number, Counted>()
    const strings = Strings.ofOneLook()
    // Of their own: their numbers must stay below `mostReasons`.
    const reasons = Strings.ofOneLook()
    const counts = { running: 0, runnable: 0, waiting: 0 }
    // Neighbours are often alike: then nothing need be looked up.
    let last: Counted | undefined
    const { longestPauseMillis } = await walk(points, (goroutine) => {
      const { name, parkedAt, startedAt, status, waitReason } = goroutine
      if (status === "done") return
      counts[status]++
      if (last !== undefined) {
        const { group } = last
        if (
          group.name === name &&
          group.status === status &&
          group.reason === waitReason &&
          group.startedAt === startedAt
        )
          return countOneMore(last, parkedAt)
      }
      // Numbers of strings, each once: a key of their texts would be made anew for each goroutine.
      const texts = strings.numberOf(name) * mostTexts + strings.numberOf(startedAt)
      const key = (texts * mostReasons + reasons.numberOf(waitReason)) * 3 + order[status]
      last = groups.get(key)
      if (last === undefined) groups.set(key, (last = countedFrom(goroutine)))
      else countOneMore(last, parkedAt)
    })
    let created = 0
    for (const point of points) for (const { ids } of point.processors) created = Math.max(created, ids.last)
    return {
      heapUsedBytes: heapUsedBytes(),
      utilization: this.#busy.take(),
      loopDelayMillis: this.#lateness.takeMost(),
      live: counts.running + counts.runnable + counts.waiting,
      ...counts,
      created,
      groups: [...groups.values()]
        .sort((a, b) => b.count - a.count)
        .slice(0, mostGroups)
        .map(groupOf),
      pauseMillis: longestPauseMillis,
    }
  }

  close(): void {
    this.#lateness.close()
  }
}
