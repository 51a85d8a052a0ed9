import type { Timeline } from "./timeline.ts"

/** Regions of one name, `trace.region` of the program's, of all threads. Durations are nanoseconds. */
export interface RegionSummary {
  readonly name: string
  /** Those that were left; the figures are of these. */
  readonly count: number
  readonly nanos: number
  /** By nearest rank: durations that occurred. */
  readonly p50: number
  readonly p99: number
  readonly longest: number
  /** Those that were not left before the end. */
  readonly open: number
}

/** Most time first. What was entered before the recording is not known. */
export function regionSummaries({ texts, threads }: Timeline): Array<RegionSummary> {
  const byName = new Map<number, { readonly lasted: Array<number>; open: number }>()
  for (const { regions } of threads)
    for (let i = 0; i < regions.length; i++) {
      const name = regions.name[i]!
      let found = byName.get(name)
      if (found === undefined) byName.set(name, (found = { lasted: [], open: 0 }))
      if (regions.end[i] === Infinity) found.open++
      else found.lasted.push(regions.end[i]! - regions.begin[i]!)
    }
  return [...byName]
    .map(([name, { lasted, open }]) => summaryOf(texts[name]!, Float64Array.from(lasted).sort(), open))
    .toSorted((a, b) => b.nanos - a.nanos || b.open - a.open)
}

function summaryOf(name: string, sorted: Float64Array, open: number): RegionSummary {
  const count = sorted.length
  const at = (part: number): number => sorted[Math.max(0, Math.ceil(part * count) - 1)] ?? 0
  const nanos = sorted.reduce((sum, each) => sum + each, 0)
  return { name, count, nanos, p50: at(0.5), p99: at(0.99), longest: at(1), open }
}
