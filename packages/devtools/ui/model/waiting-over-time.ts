/** How many waited for an object at each time: one up where a wait begins, one down where it ends. */
import type { ThreadTimeline } from "../../src/trace/thread-timeline.ts"

export interface Steps {
  readonly time: Float64Array
  readonly value: Int32Array
}

export function waitingOverTime({ waits }: Pick<ThreadTimeline, "waits">, object: number): Steps {
  const begins: Array<number> = []
  const ends: Array<number> = []
  for (let wait = 0; wait < waits.length; wait++) {
    if (waits.object[wait] !== object) continue
    begins.push(waits.begin[wait]!)
    if (waits.end[wait] !== Infinity) ends.push(waits.end[wait]!)
  }
  const up = Float64Array.from(begins).sort()
  const down = Float64Array.from(ends).sort()
  const time = new Float64Array(up.length + down.length)
  const value = new Int32Array(time.length)
  let waiting = 0
  for (let i = 0, u = 0, d = 0; i < time.length; i++) {
    // An end before a beginning at the same time: one took the place of another.
    const isUp = d === down.length || (u < up.length && up[u]! < down[d]!)
    time[i] = isUp ? up[u++]! : down[d++]!
    value[i] = waiting += isUp ? 1 : -1
  }
  return { time, value }
}
