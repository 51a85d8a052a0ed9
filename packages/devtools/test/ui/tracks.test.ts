import { describe, expect, it } from "vitest"
import { TraceReader } from "../../src/trace/reader.ts"
import { syntheticTrace } from "../../src/trace/synthetic.ts"
import { type Timeline, TimelineBuilder } from "../../src/trace/timeline.ts"
import { windowShares } from "../../ui/timeline/window-shares.ts"
import { layTracks } from "../../ui/trace/lay-tracks.ts"
import { entriesAt } from "../../ui/trace/sum-up.ts"
import { CLASSES, sliceAt, sliceEnd } from "../../ui/trace/tracks.ts"

const timeline = read({ records: 200_000, threads: 3, ops: true, lossy: 0.1 })
const tracks = layTracks(timeline)
const RUNNING = 1

describe("tracks", () => {
  it("lie side by side and in order", () => {
    let backwards = 0
    for (let track = 0; track < tracks.count; track++) {
      for (let slice = tracks.offset[track]!; slice < tracks.offset[track + 1]!; slice++) {
        if (sliceEnd(tracks, track, slice) < tracks.start[slice]!) backwards++
      }
    }
    expect(backwards).toBe(0)
  })

  it("have every run once: for its thread, and for its goroutine", () => {
    const ran = sum(
      timeline.threads.map(({ end, runs }) => sum(runs.begin, (begin, i) => Math.min(runs.end[i]!, end) - begin)),
    )
    const of = (from: number, to: number): number =>
      sum(Array.from({ length: to - from }, (_, i) => tracks.totals[(from + i) * CLASSES + RUNNING]!))
    expect(of(0, tracks.threads)).toBeCloseTo(ran, -1)
    expect(of(tracks.threads, tracks.count)).toBeCloseTo(ran, -1)
  })

  it("have every wait of which the beginning is known", () => {
    const waited = sum(
      timeline.threads.map(({ end, waits }) => sum(waits.begin, (begin, i) => Math.min(waits.end[i]!, end) - begin)),
    )
    let laid = 0
    for (let i = tracks.threads * CLASSES; i < tracks.totals.length; i++) if (i % CLASSES > 2) laid += tracks.totals[i]!
    expect(laid).toBeCloseTo(waited, -1)
  })

  it("sum up to the same at every level of detail", () => {
    expect(tracks.levels.length).toBeGreaterThan(1)
    tracks.levels.forEach(({ nanos, offset }, k) => {
      for (let track = 0; track < tracks.count; track++) {
        if (offset[track] === -1) continue
        const entries = entriesAt(tracks.offset[track + 1]! - tracks.offset[track]!, k + 1)
        for (let kind = 0; kind < CLASSES; kind++) {
          const all = sum(Array.from({ length: entries }, (_, i) => nanos[(offset[track]! + i) * CLASSES + kind]!))
          const total = tracks.totals[track * CLASSES + kind]!
          expect(Math.abs(all - total)).toBeLessThanOrEqual(1e-4 * total + 1)
        }
      }
    })
  })

  it("show the same shares of a window from afar as slice by slice", () => {
    const span = timeline.end - timeline.begin
    const view = { from: timeline.begin + span * 0.2, to: timeline.begin + span * 0.7 }
    for (let track = 0; track < tracks.threads; track++) {
      let ran = 0
      for (let slice = tracks.offset[track]!; slice < tracks.offset[track + 1]!; slice++) {
        if (tracks.stateClass[slice] !== RUNNING) continue
        const from = Math.max(tracks.start[slice]!, view.from)
        ran += Math.max(0, Math.min(sliceEnd(tracks, track, slice), view.to) - from)
      }
      expect(windowShares(tracks, track, view)[RUNNING]).toBeCloseTo(ran / (view.to - view.from), 2)
    }
  })

  it("find the slice at a time", () => {
    const slice = tracks.offset[1]! + 7
    const begin = tracks.start[slice]!
    expect(tracks.start[sliceAt(tracks, 1, begin)]).toBe(begin)
    expect(sliceAt(tracks, 1, -Infinity)).toBe(tracks.offset[1])
    expect(sliceAt(tracks, 1, Infinity)).toBe(tracks.offset[2]! - 1)
  })
})

function read(options: Parameters<typeof syntheticTrace>[0]): Timeline {
  const reader = new TraceReader()
  const builder = new TimelineBuilder()
  for (const chunk of syntheticTrace(options)) for (const frame of reader.read(chunk)) builder.add(frame)
  return builder.timeline()
}

function sum(values: ArrayLike<number>, of: (value: number, i: number) => number = (value) => value): number {
  let all = 0
  for (let i = 0; i < values.length; i++) all += of(values[i]!, i)
  return all
}
