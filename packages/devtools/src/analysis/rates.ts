/** What a process did between two looks at it. Pure: the terminal and the page say the same. */
import type { ProcessStats } from "../format/stats.ts"

/** Goroutines a second, of the threads that are in both: one that is new brings what it has counted before. Undefined where no time has passed. */
export function createdPerSecond(now: ProcessStats, before: ProcessStats): number | undefined {
  const earlier = new Map(before.threads.map(({ thread, created }) => [thread, created]))
  const started = now.threads.reduce((all, { created, thread }) => all + created - (earlier.get(thread) ?? created), 0)
  return perSecond(started, now, before)
}

/** CPU seconds a second: 1 is one core. */
export const cpuShare = (now: ProcessStats, before: ProcessStats): number | undefined =>
  perSecond(now.cpuSeconds - before.cpuSeconds, now, before)

function perSecond(amount: number, now: ProcessStats, before: ProcessStats): number | undefined {
  const seconds = now.uptimeSeconds - before.uptimeSeconds
  return seconds <= 0 ? undefined : Math.max(0, amount) / seconds
}
