/**
 * Walks over all goroutines of the thread in pieces, so that a million of them keep nobody waiting: after a few milliseconds the host's event loop has its turn.
 */
import type { AttachPoint, Goroutine } from "@weft/core"
import { node } from "./node.ts"

const pieceMillis = 10
/** Between two looks at the clock. */
const perLook = 64

export interface Walked {
  readonly longestPauseMillis: number
}

/** Those that end meanwhile are left out; those that start are not met. */
export async function walk(points: Iterable<AttachPoint>, visit: (goroutine: Goroutine) => void): Promise<Walked> {
  const { performance } = node.performance
  let began = performance.now()
  let longestPauseMillis = 0
  const all: Array<Goroutine> = []
  for (const point of points)
    for (const processor of point.processors)
      for (const run of processor.runs) for (const each of run.goroutines()) all.push(each)
  for (let i = 0; i < all.length; i++) {
    const goroutine = all[i]!
    if (goroutine.ending === 0) visit(goroutine)
    if (i % perLook > 0) continue
    const pause = performance.now() - began
    if (pause < pieceMillis) continue
    longestPauseMillis = Math.max(longestPauseMillis, pause)
    await new Promise((resolve) => node.timers.setImmediate(resolve))
    began = performance.now()
  }
  return { longestPauseMillis: Math.max(longestPauseMillis, performance.now() - began) }
}
