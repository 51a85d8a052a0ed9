import { CLASSES, type Tracks } from "../trace/tracks.ts"
import { shareTrack } from "./paint-track.ts"
import type { View } from "./view.ts"

const COLUMNS = 512

/** The share of the window that a track spent in each state, for those who read and don't look. */
export function windowShares(tracks: Tracks, track: number, view: View): ReadonlyArray<number> {
  const target = { width: COLUMNS, shares: new Float32Array(COLUMNS * CLASSES) }
  shareTrack(tracks, track, view, target)
  return Array.from({ length: CLASSES }, (_, kind) => {
    let sum = 0
    for (let column = 0; column < COLUMNS; column++) sum += target.shares[column * CLASSES + kind]!
    return sum / COLUMNS
  })
}
