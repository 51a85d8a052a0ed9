import { rowsOfGoroutines } from "../../src/trace/rows-of-goroutine.ts"
import { GoroutineState, type SpanColumns, type ThreadTimeline, Waker } from "../../src/trace/thread-timeline.ts"

/** What is wrong with a timeline by its own laws; nothing if it keeps them. */
export function checkTimeline(threads: ReadonlyArray<ThreadTimeline>): Array<string> {
  return threads.flatMap((thread) => [
    ...checkRuns(thread),
    ...checkWaits(thread),
    ...checkGaps(thread, "run", thread.runs),
    ...checkGaps(thread, "wait", thread.waits),
    ...checkStates(thread),
  ])
}

function* checkRuns({ runs }: ThreadTimeline): Generator<string> {
  for (let i = 0; i < runs.length; i++) {
    if (runs.end[i]! < runs.begin[i]!) yield `run ${i} ends before it begins`
    if (runs.runnable[i]! > runs.begin[i]!) yield `run ${i} begins before it can`
    if (i > 0 && runs.begin[i]! < runs.end[i - 1]!) yield `run ${i} overlaps the one before`
  }
}

function* checkWaits({ waits, goroutines }: ThreadTimeline): Generator<string> {
  const { first, rows } = rowsOfGoroutines(waits.goroutine, goroutines.length)
  if (rows.length !== waits.length) yield "waits of nobody"
  for (let g = 0; g < goroutines.length; g++) {
    let last = -Infinity
    for (const row of rows.subarray(first[g], first[g + 1])) {
      if (waits.begin[row]! < last) yield `wait ${row} of goroutine ${g} overlaps the one before`
      if (waits.end[row]! < waits.begin[row]!) yield `wait ${row} ends before it begins`
      if ((waits.waker[row] === Waker.None) !== (waits.end[row] === Infinity)) yield `wait ${row} has the wrong waker`
      last = waits.end[row]!
    }
  }
}

function* checkGaps({ gaps }: ThreadTimeline, what: string, spans: SpanColumns): Generator<string> {
  for (let gap = 0; gap < gaps.length; gap++) {
    const [from, to] = [gaps.begin[gap]!, gaps.end[gap]!]
    if (from === to) continue
    for (let i = 0; i < spans.begin.length; i++) {
      if (spans.begin[i]! < to && spans.end[i]! > from) yield `${what} ${i} crosses gap ${gap}`
    }
  }
}

function* checkStates({ goroutines, waits }: ThreadTimeline): Generator<string> {
  for (let g = 0; g < goroutines.length; g++) {
    const wait = goroutines.wait[g]!
    const isWaiting = goroutines.state[g] === GoroutineState.Waiting
    if (isWaiting !== (wait !== -1 && waits.end[wait] === Infinity)) yield `goroutine ${g} waits, or not`
    if (goroutines.created[g]! > goroutines.ended[g]!) yield `goroutine ${g} ended before it was created`
  }
}
