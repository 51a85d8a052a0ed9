import type { KeyBinding } from "../shell/keys.ts"
import { select } from "../state/route.ts"
import { sliceAt } from "../trace/tracks.ts"
import type { TimelineController } from "./controller.ts"

export function timelineKeys(
  timeline: TimelineController,
  rows: ReadonlyArray<number>,
  selected: number | undefined,
): ReadonlyArray<KeyBinding> {
  const step = (by: number): void => {
    const now = selected === undefined ? -1 : rows.indexOf(selected)
    const next = rows[Math.min(Math.max(now + by, 0), rows.length - 1)]
    if (next !== undefined) select({ g: timeline.model.key(next) })
  }
  return [
    { keys: ["ArrowLeft", "a"], does: "earlier", run: () => timeline.panBy(-0.2) },
    { keys: ["ArrowRight", "d"], does: "later", run: () => timeline.panBy(0.2) },
    { keys: ["+", "=", "w"], does: "zoom in", run: () => timeline.zoomBy(0.6) },
    { keys: ["-", "s"], does: "zoom out", run: () => timeline.zoomBy(1 / 0.6) },
    { keys: ["0"], does: "the whole trace", run: () => timeline.fit() },
    { keys: ["ArrowUp"], does: "the goroutine above", run: () => step(-1) },
    { keys: ["ArrowDown"], does: "the goroutine below", run: () => step(1) },
    { keys: ["n"], does: "to the selected one's next slice", run: () => toSlice(timeline, selected, 1) },
    { keys: ["p"], does: "to the one before", run: () => toSlice(timeline, selected, -1) },
  ]
}

function toSlice(timeline: TimelineController, track: number | undefined, by: 1 | -1): void {
  if (track === undefined) return
  const { from, to } = timeline.view.value
  const { tracks } = timeline.model
  const middle = (from + to) / 2
  const index = sliceAt(tracks, track, middle) + by
  if (index < tracks.offset[track]! || index >= tracks.offset[track + 1]!) return
  const slice = timeline.model.slice(track, index)
  // The slice fills a fifth of the window, unless the window shows less.
  const span = Math.min(to - from, Math.max((slice.end - slice.begin) * 5, 50))
  const center = (slice.begin + slice.end) / 2
  timeline.look({ from: center - span / 2, to: center + span / 2 })
}
