import type { SilentThread } from "../format/silent-thread.ts"
import { latencyOf, type Percentiles } from "./latency.ts"
import { Longest } from "./longest.ts"
import { type ObjectSummary, objectSummaries } from "./object-summary.ts"
import { type RegionSummary, regionSummaries } from "./region-summary.ts"
import { type Spent, spentByStart } from "./spent.ts"
import { type Start, startOf } from "./starts.ts"
import { GoroutineState, RunEnding, type ThreadTimeline } from "./thread-timeline.ts"
import type { Timeline } from "./timeline.ts"

/** What `weft trace` says in the terminal, as data. Durations are nanoseconds; times are nanoseconds since the recording began. */
export interface TraceSummary {
  readonly pid: number
  readonly title: string
  readonly argv: ReadonlyArray<string>
  readonly runtime: string
  readonly nanos: number
  readonly records: number
  /** Records that were lost; all that follows is what the others say. */
  readonly dropped: number
  /** Why the trace ended; nothing if the file was cut off. */
  readonly ended: string | undefined
  /** Threads that did not answer, and are not in it: they never give way to their event loop. */
  readonly silentThreads: number
  /** Those of them that are known by name. */
  readonly silent?: ReadonlyArray<SilentThread>
  readonly goroutines: number
  readonly threads: ReadonlyArray<ThreadSummary>
  /** Waits by reason, most time first. */
  readonly reasons: ReadonlyArray<ReasonSummary>
  /** By where goroutines were started, and how: most time first. */
  readonly spent: ReadonlyArray<Spent>
  /** From woken, created or given way to running. */
  readonly latency: Percentiles
  /** Longest first: starvation. */
  readonly longestRunnable: ReadonlyArray<Stretch>
  /** Longest first: nothing else ran on the thread, and its event loop stood still. */
  readonly longestRuns: ReadonlyArray<Stretch>
  /** Channels, locks: most time waited first. */
  readonly objects: ReadonlyArray<ObjectSummary>
  /** The program's own, by name: most time first. */
  readonly regions: ReadonlyArray<RegionSummary>
  readonly panics: ReadonlyArray<Message>
  readonly deadlocks: number
}

export interface ThreadSummary {
  readonly thread: number
  readonly name: string
  readonly nanos: number
  readonly goroutines: number
  readonly runs: number
  readonly runningNanos: number
  readonly collections: Times
  readonly loopDelays: Times
  readonly dropped: number
}

export interface Times {
  readonly count: number
  readonly nanos: number
  readonly longest: number
}

export interface ReasonSummary extends Times {
  readonly reason: string
}

export interface Stretch extends Start {
  readonly thread: number
  /** The goroutine. */
  readonly id: number
  readonly begin: number
  readonly nanos: number
  /** It had not ended, or records of its end were lost. */
  readonly isAtLeast: boolean
}

export interface Message {
  readonly thread: number
  readonly id: number
  readonly time: number
  readonly text: string
}

/** `most`: how many of the longest stretches are kept. */
export function summarize(timeline: Timeline, options?: { readonly most?: number }): TraceSummary {
  const { meta, threads, begin, end } = timeline
  const most = options?.most ?? 10
  const spent = spentByStart(timeline)
  return {
    pid: meta?.pid ?? 0,
    title: meta?.title ?? "",
    argv: meta?.argv ?? [],
    runtime: meta?.runtime ?? "",
    nanos: end - begin,
    records: timeline.records,
    dropped: timeline.dropped,
    ended: timeline.ended?.reason,
    silentThreads: timeline.ended?.silentThreads ?? 0,
    ...(timeline.ended?.silent === undefined ? {} : { silent: timeline.ended.silent }),
    goroutines: threads.reduce((sum, { goroutines }) => sum + goroutines.length, 0),
    threads: threads.map(summarizeThread),
    reasons: reasonsOf(spent),
    spent,
    latency: latencyOf(threads),
    longestRunnable: longestRunnable(timeline, most),
    longestRuns: longestRuns(timeline, most),
    objects: objectSummaries(timeline),
    regions: regionSummaries(timeline),
    panics: threads.flatMap((thread) => panicsOf(thread, timeline)),
    deadlocks: threads.reduce((sum, { deadlocks }) => sum + deadlocks.length, 0),
  }
}

function summarizeThread({ thread, name, begin, end, ...rows }: ThreadTimeline): ThreadSummary {
  return {
    ...{ thread, name, nanos: Math.max(0, end - begin), goroutines: rows.goroutines.length, runs: rows.runs.length },
    runningNanos: timesOf(rows.runs, end).nanos,
    collections: timesOf(rows.collections, end),
    loopDelays: timesOf(rows.loopDelays, end),
    dropped: rows.gaps.dropped.reduce((sum, dropped) => sum + dropped, 0),
  }
}

function timesOf(spans: { begin: Float64Array; end: Float64Array; length: number }, last: number): Times {
  let nanos = 0
  let longest = 0
  for (let i = 0; i < spans.length; i++) {
    const each = Math.min(spans.end[i]!, last) - spans.begin[i]!
    nanos += each
    if (each > longest) longest = each
  }
  return { count: spans.length, nanos, longest }
}

function reasonsOf(spent: ReadonlyArray<Spent>): Array<ReasonSummary> {
  const reasons = new Map<string, ReasonSummary>()
  for (const { state, reason, count, nanos, longest } of spent) {
    if (state !== "waiting") continue
    const sum = reasons.get(reason) ?? { count: 0, nanos: 0, longest: 0 }
    reasons.set(reason, {
      reason,
      count: sum.count + count,
      nanos: sum.nanos + nanos,
      longest: Math.max(sum.longest, longest),
    })
  }
  return [...reasons.values()].toSorted((a, b) => b.nanos - a.nanos)
}

function longestRunnable(timeline: Timeline, most: number): Array<Stretch> {
  const longest = new Longest(most)
  timeline.threads.forEach(({ runs, goroutines, end }, thread) => {
    for (let i = 0; i < runs.length; i++) longest.offer(runs.begin[i]! - runs.runnable[i]!, thread, i)
    for (let g = 0; g < goroutines.length; g++) {
      if (goroutines.state[g] === GoroutineState.Runnable) longest.offer(end - goroutines.since[g]!, thread, ~g)
    }
  })
  return longest.list.map(({ thread, row, nanos }) => {
    const { runs, goroutines } = timeline.threads[thread]!
    const isAtLeast = row < 0
    const begin = isAtLeast ? goroutines.since[~row]! : runs.runnable[row]!
    return stretch(timeline, thread, isAtLeast ? ~row : runs.goroutine[row]!, begin, nanos, isAtLeast)
  })
}

function longestRuns(timeline: Timeline, most: number): Array<Stretch> {
  const longest = new Longest(most)
  timeline.threads.forEach(({ runs, end }, thread) => {
    for (let i = 0; i < runs.length; i++) longest.offer(Math.min(runs.end[i]!, end) - runs.begin[i]!, thread, i)
  })
  return longest.list.map(({ thread, row, nanos }) => {
    const { runs } = timeline.threads[thread]!
    const isAtLeast = runs.ending[row] === RunEnding.Running || runs.ending[row] === RunEnding.Lost
    return stretch(timeline, thread, runs.goroutine[row]!, runs.begin[row]!, nanos, isAtLeast)
  })
}

function stretch(
  { threads, texts, begin: zero }: Timeline,
  index: number,
  goroutine: number,
  begin: number,
  nanos: number,
  isAtLeast: boolean,
): Stretch {
  const { thread, goroutines } = threads[index]!
  return {
    ...{ thread, id: goroutines.id[goroutine]! },
    ...startOf(goroutines, goroutine, texts),
    ...{ begin: begin - zero, nanos, isAtLeast },
  }
}

function panicsOf({ thread, panics, goroutines }: ThreadTimeline, { texts, begin }: Timeline): Array<Message> {
  return Array.from({ length: panics.length }, (_, i) => ({
    thread,
    id: goroutines.id[panics.goroutine[i]!] ?? 0,
    time: panics.time[i]! - begin,
    text: texts[panics.text[i]!]!,
  }))
}
