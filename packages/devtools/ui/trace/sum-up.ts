import { CLASSES, type Level, LEVEL_BITS } from "./tracks.ts"

/** Fewer slices than this are drawn one by one. */
const FEW = 64

/** The levels of lower detail, each from the one below, and the totals. */
export function sumUp(
  offset: Int32Array,
  start: Float64Array,
  end: Float64Array,
  stateClass: Uint8Array,
): { readonly levels: ReadonlyArray<Level>; readonly totals: Float64Array } {
  const tracks = end.length
  const totals = new Float64Array(tracks * CLASSES)
  for (let track = 0; track < tracks; track++) {
    const to = offset[track + 1]!
    for (let slice = offset[track]!; slice < to; slice++) {
      totals[track * CLASSES + stateClass[slice]!]! +=
        (slice + 1 < to ? start[slice + 1]! : end[track]!) - start[slice]!
    }
  }
  const levels: Array<Level> = []
  for (let k = 1; ; k++) {
    const level = emptyLevel(offset, tracks, k)
    if (level === undefined) return { levels, totals }
    const below = levels.at(-1)
    for (let track = 0; track < tracks; track++) {
      const at = level.offset[track]!
      if (at === -1) continue
      if (below === undefined)
        sumSlices(level.nanos, at, offset[track]!, offset[track + 1]!, start, end[track]!, stateClass)
      else sumEntries(level.nanos, at, below, track, offset[track + 1]! - offset[track]!, k)
    }
    levels.push(level)
  }
}

/** How many entries a track of so many slices has at level k. */
export const entriesAt = (slices: number, k: number): number => Math.ceil(slices / 2 ** (LEVEL_BITS * k))

function emptyLevel(offset: Int32Array, tracks: number, k: number): Level | undefined {
  const offsets = new Int32Array(tracks).fill(-1)
  let entries = 0
  for (let track = 0; track < tracks; track++) {
    const slices = offset[track + 1]! - offset[track]!
    if (slices < FEW * 2 ** (LEVEL_BITS * (k - 1))) continue
    offsets[track] = entries
    entries += entriesAt(slices, k)
  }
  return entries === 0 ? undefined : { offset: offsets, nanos: new Float32Array(entries * CLASSES) }
}

function sumSlices(
  nanos: Float32Array,
  at: number,
  from: number,
  to: number,
  start: Float64Array,
  trackEnd: number,
  stateClass: Uint8Array,
): void {
  for (let slice = from; slice < to; slice++) {
    const entry = at + ((slice - from) >> LEVEL_BITS)
    nanos[entry * CLASSES + stateClass[slice]!]! += (slice + 1 < to ? start[slice + 1]! : trackEnd) - start[slice]!
  }
}

function sumEntries(nanos: Float32Array, at: number, below: Level, track: number, slices: number, k: number): void {
  const from = below.offset[track]!
  const entries = entriesAt(slices, k - 1)
  for (let entry = 0; entry < entries; entry++) {
    const into = (at + (entry >> LEVEL_BITS)) * CLASSES
    const out = (from + entry) * CLASSES
    for (let i = 0; i < CLASSES; i++) nanos[into + i]! += below.nanos[out + i]!
  }
}
