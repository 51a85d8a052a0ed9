/**
 * Tracks: what each thread and each goroutine did, one slice after the other, and the same at lower detail.
 *
 * A track's slices lie side by side and in order; each lasts until the next one begins, the last one until the track's end. What is not known or not there is a
 * slice of class NONE. Level k of the detail sums up 16^k slices in a row: how long each state took of their time. Whoever draws a thousand pixels reads
 * a few thousand entries of the level that fits, whether the track has a hundred slices or ten million.
 */
export const LEVEL_BITS = 4
/** As `stateClasses` has them. */
export const CLASSES = 11

export interface Tracks {
  readonly count: number
  /** Threads come first; the others are goroutines. */
  readonly threads: number
  /** Where the slices of each begin; one more at the end. */
  readonly offset: Int32Array
  readonly end: Float64Array
  readonly start: Float64Array
  readonly stateClass: Uint8Array
  /** Of a wait its row in `waits`, otherwise the row in `runs` of the run, or of the run that comes after. -1: none. */
  readonly ref: Int32Array
  readonly levels: ReadonlyArray<Level>
  /** `CLASSES` for each track: nanoseconds in each state. */
  readonly totals: Float64Array
}

export interface Level {
  /** Where the entries of each track begin; -1 where it has too few slices to need any. */
  readonly offset: Int32Array
  /** `CLASSES` for each entry: nanoseconds in each state. */
  readonly nanos: Float32Array
}

/** The last slice that begins at `time` or before; the first one if all begin later. */
export function sliceAt({ offset, start }: Tracks, track: number, time: number): number {
  let low = offset[track]!
  let high = offset[track + 1]! - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (start[middle]! <= time) low = middle
    else high = middle - 1
  }
  return low
}

export const sliceEnd = ({ end, offset, start }: Tracks, track: number, slice: number): number =>
  slice + 1 < offset[track + 1]! ? start[slice + 1]! : end[track]!
