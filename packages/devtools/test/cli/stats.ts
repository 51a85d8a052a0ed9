/** Statistics by hand: what is left out is of no interest to the test. */
import type { ProcessStats, StatsGroup, ThreadStats } from "../../src/format/stats.ts"

export function someStats(threads: ReadonlyArray<ThreadStats>, more: Partial<ProcessStats> = {}): ProcessStats {
  return { pid: 4242, uptimeSeconds: 3725, rssBytes: 123_456_789, cpuSeconds: 12.5, threads, ...more }
}

export function someThreadStats(more: Partial<ThreadStats>): ThreadStats {
  return {
    thread: 0,
    name: "main",
    heapUsedBytes: 12_345_678,
    utilization: 0.25,
    loopDelayMillis: 3,
    live: 0,
    running: 0,
    runnable: 0,
    waiting: 0,
    created: 0,
    groups: [],
    pauseMillis: 0.1,
    ...more,
  }
}

export function statsGroup(name: string, count: number, more: Partial<StatsGroup> = {}): StatsGroup {
  return { name, status: "waiting", count, oldestWaitMillis: 0, ...more }
}
