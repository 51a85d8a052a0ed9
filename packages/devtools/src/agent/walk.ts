/**
 * Walks over all goroutines of the thread in pieces, so that a million of them keep nobody waiting: after a few milliseconds the host's event loop has its turn.
 *
 * A run links its goroutines from the newest to the oldest, by falling numbers. The one at which a piece ended may itself have ended by the next: then the place is found
 * again by its number.
 */
import type { AttachPoint, Goroutine } from "@weft/core"
import { node } from "./node.ts"

type Run = Goroutine["run"]

const pieceMillis = 10
/** Between two looks at the clock. */
const perLook = 64

export interface Walked {
  readonly longestPauseMillis: number
}

/** Newest first, the next piece when `whenReady` says so. Those that end meanwhile are left out; those that start are not met. */
export async function walk(
  points: Iterable<AttachPoint>,
  visit: (goroutine: Goroutine) => void,
  whenReady: () => Promise<void> = () => Promise.resolve(),
): Promise<Walked> {
  const { performance } = node.performance
  let longestPauseMillis = 0
  for (const run of runsOf(points)) {
    let last = Infinity
    for (let isMore = true; isMore;) {
      const began = performance.now()
      const at = piece(run, last, visit, began + pieceMillis)
      longestPauseMillis = Math.max(longestPauseMillis, performance.now() - began)
      isMore = at !== undefined
      if (at === undefined) break
      last = at
      await new Promise((resolve) => node.timers.setImmediate(resolve))
      await whenReady()
    }
  }
  place = null
  return { longestPauseMillis }
}

function runsOf(points: Iterable<AttachPoint>): Array<Run> {
  return [...points].flatMap(({ processors }) => [...processors].flatMap(({ runs }) => [...runs]))
}

/** Where the piece before ended: held weakly, as a goroutine that nobody else holds should not be kept by being looked at. */
let place: WeakRef<Goroutine> | null = null

/** Visits those numbered below `last`, until `end`. Answers the number of the last one visited; undefined at the end of the list. */
function piece(run: Run, last: number, visit: (goroutine: Goroutine) => void, end: number): number | undefined {
  const { performance } = node.performance
  let goroutine = follow(run, last)
  for (let i = 1; goroutine !== null; i++) {
    visit(goroutine)
    const { id, older } = goroutine
    if (i % perLook === 0 && performance.now() >= end && older !== null) {
      place = new WeakRef(goroutine)
      return id
    }
    goroutine = older
  }
  return undefined
}

/** The newest one numbered below `last`. */
function follow(run: Run, last: number): Goroutine | null {
  const before = place?.deref()
  const isInPlace =
    before !== undefined && before.run === run && before.id === last && before.ending === 0 && before.older !== null
  let goroutine = isInPlace ? before.older : run.newest
  while (goroutine !== null && goroutine.id >= last) goroutine = goroutine.older
  return goroutine
}
