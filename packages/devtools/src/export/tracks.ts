/**
 * A trace as events on tracks.
 *
 * Tracks, so that slices nest on each:
 *   process                     deadlocks
 *     thread                    which goroutine runs, wake-ups and creations (flows begin there and end where the woken one runs), logs, panics
 *       GC, event loop late, records lost
 *       a channel               how many values it holds
 *       name (where started)    a group
 *         a goroutine           what it waits for
 *           regions             more than one track where they overlap
 *
 * Memory: that of the timeline, and a chunk.
 */
import { startsOf, startText } from "../trace/starts.ts"
import type { Timeline } from "../trace/timeline.ts"
import { Numbers } from "./numbers.ts"
import { ThreadTracks } from "./thread-tracks.ts"
import type { TrackEvents } from "./track-events.ts"

/** Writes the trace as `events`, and gives their bytes in chunks. */
export function* writeTracks(timeline: Timeline, events: TrackEvents): Generator<Uint8Array<ArrayBuffer>, void, void> {
  const { meta, threads } = timeline
  const zero = firstTime(timeline)
  events.begin(timeline.zero + zero / 1e6)
  const pid = meta?.pid ?? 1
  const uuids = new Numbers()
  const flows = new Numbers()
  const process = uuids.next()
  events.process(process, pid, meta?.title ?? "", meta?.argv ?? [])
  const starts = startsOf(timeline)
  for (const [i, thread] of threads.entries()) {
    const track = uuids.next()
    // The main thread has its process's number.
    events.thread(track, process, pid, pid + thread.thread, thread.name)
    const names = Array.from(starts.of[i]!, (start) => starts.list[start]!.name || "goroutine")
    const written = new ThreadTracks(timeline, thread, events, { process, track, zero, uuids, flows, names })
    yield* written.runs()
    yield* written.goroutines(
      starts.of[i]!,
      starts.list.map((start) => startText(start)),
    )
    yield* written.levels()
    yield* written.marks()
  }
  yield* events.rest()
}

/** The first time of all: what the host tells of late may have begun before the first record. */
function firstTime({ begin, threads }: Timeline): number {
  let first = begin
  for (const { collections, loopDelays } of threads) {
    for (const time of collections.begin) first = Math.min(first, time)
    for (const time of loopDelays.begin) first = Math.min(first, time)
  }
  return first
}
