import { type Start, startsOf } from "./starts.ts"
import type { ThreadTimeline } from "./thread-timeline.ts"
import { GoroutineState } from "./thread-timeline.ts"
import type { Timeline } from "./timeline.ts"

/** Time that the goroutines of one start spent in one way. */
export interface Spent extends Start {
  readonly state: "running" | "runnable" | "waiting"
  /** What it waited for: "" where that was not seen, and where it did not wait. */
  readonly reason: string
  readonly count: number
  readonly nanos: number
  readonly longest: number
}

/**
 * Where time went: running, runnable, and waiting by reason, for each start; most time first.
 *
 * Laws
 * - What had not ended counts up to the end of its thread's recording.
 * - What records were lost of counts only as far as it was seen.
 */
export function spentByStart(timeline: Timeline): Array<Spent> {
  const { threads, texts } = timeline
  const starts = startsOf(timeline)
  const sums = new Map<number, { count: number; nanos: number; longest: number }>()
  const ways = texts.length + 2
  threads.forEach((thread, i) => {
    const groups = starts.of[i]!
    eachStretch(thread, (goroutine, way, nanos) => {
      const key = groups[goroutine]! * ways + way + 2
      const sum = sums.get(key)
      if (sum === undefined) sums.set(key, { count: 1, nanos, longest: nanos })
      else {
        sum.count++
        sum.nanos += nanos
        if (nanos > sum.longest) sum.longest = nanos
      }
    })
  })
  const spent = [...sums].map(([key, sum]): Spent => {
    const way = (key % ways) - 2
    const state = way === RUNNING ? "running" : way === RUNNABLE ? "runnable" : "waiting"
    return { ...starts.list[Math.floor(key / ways)]!, state, reason: way < 0 ? "" : texts[way]!, ...sum }
  })
  return spent.toSorted((a, b) => b.nanos - a.nanos)
}

const RUNNING = -1
const RUNNABLE = -2

/** `way` is the wait's reason, or one of the above. */
function eachStretch(
  { runs, waits, goroutines, end }: ThreadTimeline,
  visit: (goroutine: number, way: number, nanos: number) => void,
): void {
  for (let i = 0; i < runs.length; i++) {
    const goroutine = runs.goroutine[i]!
    visit(goroutine, RUNNING, Math.min(runs.end[i]!, end) - runs.begin[i]!)
    const runnable = runs.begin[i]! - runs.runnable[i]!
    if (runnable >= 0) visit(goroutine, RUNNABLE, runnable)
  }
  for (let i = 0; i < waits.length; i++) {
    visit(waits.goroutine[i]!, waits.reason[i]!, Math.min(waits.end[i]!, end) - waits.begin[i]!)
  }
  for (let g = 0; g < goroutines.length; g++) {
    const runnable = end - goroutines.since[g]!
    if (goroutines.state[g] === GoroutineState.Runnable && runnable >= 0) visit(g, RUNNABLE, runnable)
  }
}
