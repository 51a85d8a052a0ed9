/**
 * Paints one track into pixels.
 *
 * Each column of pixels shows what its stretch of time was spent on: a slice that fills it fills the column, many that share it share the column, by their time.
 * So a picture is as true from afar as from near, and moving it never flickers, as it would if a column showed whichever slice it happened to hit.
 *
 * Written into memory and not drawn by the canvas: a hundred thousand small rectangles a frame are too many for it, as many pixels are not.
 */
import { entriesAt } from "../trace/sum-up.ts"
import { CLASSES, LEVEL_BITS, sliceAt, type Tracks } from "../trace/tracks.ts"
import type { Palette } from "./palette.ts"
import type { View } from "./view.ts"

export interface Columns {
  readonly width: number
  /** Per column and class: the share of its time. As long as `width * CLASSES`. */
  readonly shares: Float32Array
}

export interface Target extends Columns {
  readonly pixels: Uint32Array
  /** Of the whole picture. */
  readonly height: number
}

/** More entries a column than this, and the next level serves as well. */
const ENTRIES_PER_COLUMN = 3
const RUNNABLE = 2

export function paintTrack(
  tracks: Tracks,
  track: number,
  view: View,
  palette: Palette,
  target: Target,
  top: number,
  height: number,
): void {
  if (tracks.offset[track] === tracks.offset[track + 1]) return
  const level = shareTrack(tracks, track, view, target)
  fillColumns(palette, target, top, height)
  if (level === 0) markEdges(tracks, track, view, palette, target, top, height)
}

/** Fills `shares`, and says from which level of detail. */
export function shareTrack(tracks: Tracks, track: number, view: View, target: Columns): number {
  target.shares.fill(0)
  const perNano = target.width / (view.to - view.from)
  const first = sliceAt(tracks, track, view.from)
  const last = sliceAt(tracks, track, view.to)
  const level = levelFor(tracks, track, last - first + 1, target.width)
  if (level === 0) shareSlices(tracks, track, first, last, view.from, perNano, target)
  else shareEntries(tracks, track, first, last, level, view.from, perNano, target)
  return level
}

function levelFor({ levels }: Tracks, track: number, slices: number, width: number): number {
  let level = 0
  while (slices / 2 ** (LEVEL_BITS * level) > ENTRIES_PER_COLUMN * width) {
    if ((levels[level]?.offset[track] ?? -1) === -1) break
    level++
  }
  return level
}

function shareSlices(
  { end, offset, start, stateClass }: Tracks,
  track: number,
  first: number,
  last: number,
  from: number,
  perNano: number,
  { shares, width }: Columns,
): void {
  const trackLast = offset[track + 1]! - 1
  for (let slice = first; slice <= last; slice++) {
    const kind = stateClass[slice]!
    const sliceEnd = slice === trackLast ? end[track]! : start[slice + 1]!
    const left = Math.max((start[slice]! - from) * perNano, 0)
    const right = Math.min((sliceEnd - from) * perNano, width)
    if (right <= left || kind === 0) continue
    const column = left | 0
    const lastColumn = Math.min(right | 0, width - 1)
    if (column === lastColumn) {
      shares[column * CLASSES + kind]! += right - left
      continue
    }
    shares[column * CLASSES + kind]! += column + 1 - left
    for (let i = column + 1; i < lastColumn; i++) shares[i * CLASSES + kind] = 1
    shares[lastColumn * CLASSES + kind]! += right - lastColumn
  }
}

function shareEntries(
  { end, levels, offset, start }: Tracks,
  track: number,
  first: number,
  last: number,
  level: number,
  from: number,
  perNano: number,
  { shares, width }: Columns,
): void {
  const { nanos, offset: entryOffset } = levels[level - 1]!
  const base = offset[track]!
  const bits = LEVEL_BITS * level
  const lastEntry = (last - base) >> bits
  const entries = entriesAt(offset[track + 1]! - base, level)
  for (let entry = (first - base) >> bits; entry <= lastEntry; entry++) {
    const entryEnd = entry + 1 === entries ? end[track]! : start[base + ((entry + 1) << bits)]!
    const left = (start[base + (entry << bits)]! - from) * perNano
    const right = (entryEnd - from) * perNano
    const span = right - left
    const at = (entryOffset[track]! + entry) * CLASSES
    const lastColumn = Math.min(right | 0, width - 1)
    for (let column = Math.max(left | 0, 0); column <= lastColumn; column++) {
      // As if each state was spread evenly over the entry, which is about as long as a column is wide.
      const part = span <= 0 ? 1 : (Math.min(column + 1, right) - Math.max(column, left)) / span
      const scale = part * perNano
      for (let kind = 1; kind < CLASSES; kind++) shares[column * CLASSES + kind]! += nanos[at + kind]! * scale
    }
  }
}

/** Running lies at the bottom, then runnable, then the waits. What ran at all is seen: it gets a pixel at least. */
function fillColumns(
  palette: Palette,
  { height: pictureHeight, pixels, shares, width }: Target,
  top: number,
  height: number,
): void {
  const bottom = Math.min(top + height, pictureHeight)
  const low = Math.max(top, 0)
  for (let column = 0; column < width; column++) {
    let y = top + height
    let rest = 0
    for (let kind = 1; kind < CLASSES; kind++) {
      const share = shares[column * CLASSES + kind]!
      if (share === 0) continue
      rest += share * height
      let rows = Math.round(rest)
      if (rows === 0) {
        if (kind > RUNNABLE) continue
        rows = 1
      }
      rest -= rows
      const pixel = palette.pixels[kind]!
      const until = Math.max(y - rows, low)
      for (let row = Math.min(y, bottom) - 1; row >= until; row--) pixels[row * width + column] = pixel
      y -= rows
    }
  }
}

/** A line where a slice begins, for slices that are wide enough to be told apart. */
function markEdges(
  tracks: Tracks,
  track: number,
  { from, to }: View,
  palette: Palette,
  { height: pictureHeight, pixels, width }: Target,
  top: number,
  height: number,
): void {
  const { start, stateClass } = tracks
  const perNano = width / (to - from)
  const first = sliceAt(tracks, track, from)
  const last = sliceAt(tracks, track, to)
  const bottom = Math.min(top + height, pictureHeight)
  for (let slice = first + 1; slice <= last; slice++) {
    const column = ((start[slice]! - from) * perNano) | 0
    const before = ((start[slice - 1]! - from) * perNano) | 0
    if (column - before < 4 || column >= width || column < 0) continue
    const kind = stateClass[slice]!
    if (kind === 0) continue
    const pixel = palette.edges[kind]!
    for (let row = Math.max(top, 0); row < bottom; row++) pixels[row * width + column] = pixel
  }
}
