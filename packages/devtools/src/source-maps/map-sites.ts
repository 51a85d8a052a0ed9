import type { GoroutineDump, ProcessDump } from "../format/dump.ts"
import type { LeakReport } from "../format/leaks.ts"
import type { ProcessStats } from "../format/stats.ts"
import type { SourceMaps } from "./source-maps.ts"

/** The same dump with all places in the sources. */
export function mapDump(dump: ProcessDump, maps: SourceMaps): ProcessDump {
  const threads = dump.threads.map((thread) => ({
    ...thread,
    goroutines: thread.goroutines.map((goroutine) => mapGoroutine(goroutine, maps)),
  }))
  return { ...dump, threads }
}

/** The same report with all places in the sources. */
export function mapLeaks(report: LeakReport, maps: SourceMaps): LeakReport {
  const threads = report.threads.map((thread) => ({
    ...thread,
    leaked: thread.leaked.map((goroutine) => mapGoroutine(goroutine, maps)),
    suspects: thread.suspects.map((goroutine) => mapGoroutine(goroutine, maps)),
  }))
  return { ...report, threads }
}

export function mapGoroutine(goroutine: GoroutineDump, maps: SourceMaps): GoroutineDump {
  return {
    ...goroutine,
    stack: goroutine.stack.map((frame) => maps.site(frame)),
    ...(goroutine.startedAt === undefined ? {} : { startedAt: maps.site(goroutine.startedAt) }),
  }
}

/** The same statistics with all start sites in the sources. */
export function mapStats(stats: ProcessStats, maps: SourceMaps): ProcessStats {
  const threads = stats.threads.map((thread) => ({
    ...thread,
    groups: thread.groups.map((group) =>
      group.startedAt === undefined ? group : { ...group, startedAt: maps.site(group.startedAt) },
    ),
  }))
  return { ...stats, threads }
}
