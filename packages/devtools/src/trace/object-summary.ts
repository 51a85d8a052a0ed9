import type { ThreadTimeline } from "./thread-timeline.ts"
import type { Timeline } from "./timeline.ts"

/** How goroutines got along at one channel, lock, and the like. */
export interface ObjectSummary {
  readonly thread: number
  readonly object: number
  /** "channel", "Mutex"; "object" where it was not described. */
  readonly kind: string
  readonly capacity: number | undefined
  /** Waits for it alone. */
  readonly waits: number
  /** Waits for it or others: a select. Their time is nobody's. */
  readonly selects: number
  readonly nanos: number
  readonly longest: number
  /** Waits for it alone that another goroutine ended. */
  readonly handOvers: number
  /** Goroutines that waited for it alone at the end. */
  readonly stillWaiting: number
  /** What was waited for: its reasons, most time first. */
  readonly reasons: ReadonlyArray<string>
}

/** All objects that were waited for, most time first. */
export function objectSummaries({ threads, texts }: Timeline): Array<ObjectSummary> {
  return threads
    .flatMap((thread) => ofThread(thread, texts))
    .toSorted((a, b) => b.nanos - a.nanos || b.selects - a.selects)
}

class Sum {
  waits = 0
  selects = 0
  nanos = 0
  longest = 0
  handOvers = 0
  stillWaiting = 0
  readonly reasons = new Map<number, number>()
}

function ofThread(
  { thread, waits, alsoWaits, objects, end }: ThreadTimeline,
  texts: ReadonlyArray<string>,
): Array<ObjectSummary> {
  const sums = new Map<number, Sum>()
  for (let i = 0; i < waits.length; i++) {
    const object = waits.object[i]!
    if (object === 0) continue
    const sum = sumOf(sums, object)
    const nanos = Math.min(waits.end[i]!, end) - waits.begin[i]!
    sum.waits++
    sum.nanos += nanos
    if (nanos > sum.longest) sum.longest = nanos
    if (waits.waker[i]! >= 0) sum.handOvers++
    if (waits.end[i] === Infinity) sum.stillWaiting++
    sum.reasons.set(waits.reason[i]!, (sum.reasons.get(waits.reason[i]!) ?? 0) + nanos)
  }
  for (const object of alsoWaits.object) sumOf(sums, object).selects++
  return [...sums].map(([object, { reasons, ...sum }]) => ({
    ...{ thread, object, kind: objects.get(object)?.kind ?? "object", capacity: objects.get(object)?.capacity },
    ...sum,
    reasons: [...reasons].toSorted((a, b) => b[1] - a[1]).map(([reason]) => texts[reason]!),
  }))
}

function sumOf(sums: Map<number, Sum>, object: number): Sum {
  let sum = sums.get(object)
  if (sum === undefined) {
    sum = new Sum()
    sums.set(object, sum)
  }
  return sum
}
