/** From runnable to running: percentiles by nearest rank, so each is a latency that occurred. */
import type { ThreadTimeline } from "./thread-timeline.ts"

export interface Percentiles {
  readonly count: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

const perOctave = 16
const buckets = perOctave * 64

/** Sorting millions of them takes longer than all the rest of a summary: only those in the same sixteenth of an octave as a percentile are. */
export function latencyOf(threads: ReadonlyArray<ThreadTimeline>): Percentiles {
  const counts = new Float64Array(buckets)
  let count = 0
  let max = 0
  for (const { runs } of threads)
    for (let i = 0; i < runs.length; i++) {
      const nanos = runs.begin[i]! - runs.runnable[i]!
      // Where it became runnable was not seen.
      if (!(nanos >= 0)) continue
      counts[bucketOf(nanos)]!++
      count++
      if (nanos > max) max = nanos
    }
  const at = (part: number): number => {
    let before = 0
    let bucket = 0
    const rank = Math.max(1, Math.ceil(part * count))
    while (bucket < buckets - 1 && before + counts[bucket]! < rank) before += counts[bucket++]!
    return inBucket(threads, bucket, counts[bucket]!)[rank - before - 1] ?? 0
  }
  return { count, p50: at(0.5), p90: at(0.9), p99: at(0.99), max }
}

const bucketOf = (nanos: number): number =>
  nanos < 1 ? 0 : Math.min(buckets - 1, Math.floor(Math.log2(nanos) * perOctave))

function inBucket(threads: ReadonlyArray<ThreadTimeline>, bucket: number, count: number): Float64Array {
  const found = new Float64Array(count)
  let at = 0
  for (const { runs } of threads)
    for (let i = 0; i < runs.length; i++) {
      const nanos = runs.begin[i]! - runs.runnable[i]!
      if (nanos >= 0 && bucketOf(nanos) === bucket) found[at++] = nanos
    }
  return found.sort()
}
