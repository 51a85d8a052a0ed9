import type { ProcessStats } from "../../src/format/stats.ts"

export const processStats: ProcessStats = {
  ...{ pid: 7, uptimeSeconds: 12.5, rssBytes: 50_000_000, cpuSeconds: 3.25 },
  threads: [
    {
      ...{ thread: 0, name: "main", heapUsedBytes: 9_000_000, utilization: 0.5, loopDelayMillis: 12 },
      ...{ live: 6, running: 1, runnable: 2, waiting: 3, created: 100, pauseMillis: 1 },
      groups: [
        {
          name: 'say "hi"\\',
          status: "waiting",
          reason: "chan receive",
          startedAt: "a.ts:1:1",
          count: 3,
          oldestWaitMillis: 1500,
        },
        { name: "worker", status: "runnable", count: 2, oldestWaitMillis: 0 },
      ],
    },
  ],
}
