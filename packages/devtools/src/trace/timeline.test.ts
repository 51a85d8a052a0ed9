import { describe, expect, it } from "vitest"
import { checkTimeline } from "../../test/export/check-timeline.ts"
import { RecordKind as K } from "../format/record-kind.ts"
import { FrameKind, type TracedGoroutine } from "../format/trace-file.ts"
import { syntheticTrace } from "./synthetic.ts"
import { GoroutineState, RunEnding, type ThreadTimeline, Waker } from "./thread-timeline.ts"
import { readTimeline, type Timeline, TimelineBuilder } from "./timeline.ts"
import type { TraceFrame } from "./trace-frame.ts"

const strings = ["", "recv", "worker", "a.ts:1:1", "request", "hello", "boom"]
const [recv, worker, site, request, hello, boom] = [1, 2, 3, 4, 5, 6] as const

describe("TimelineBuilder", () => {
  it("makes runs and the waits between them, with who woke whom and since when one could run", () => {
    const { goroutines, runs, waits } = only(
      built([
        [at(100), [K.Create, worker, 1], [K.CreatedBy, site, 0], at(110), [K.Start, 0, 1]],
        [at(120), [K.Create, worker, 2], [K.CreatedBy, site, 1], at(130), [K.Park, recv, 9]],
        [at(140), [K.Start, 0, 2], at(150), [K.Unpark, 0, 1], at(160), [K.Yield, 0, 0], at(170), [K.Start, 0, 1]],
        [at(180), [K.End, 1, 0]],
      ]),
    )
    expect([...goroutines.id]).toEqual([1, 2])
    expect([...goroutines.parent]).toEqual([-1, 0])
    expect([...goroutines.created]).toEqual([100, 120])
    expect([...goroutines.ended]).toEqual([180, Infinity])
    expect([...goroutines.ending]).toEqual([1, 255])
    expect([...goroutines.state]).toEqual([GoroutineState.Ended, GoroutineState.Runnable])
    expect([...runs.goroutine]).toEqual([0, 1, 0])
    expect([...runs.runnable]).toEqual([100, 120, 150])
    expect([...runs.begin]).toEqual([110, 140, 170])
    expect([...runs.end]).toEqual([130, 160, 180])
    expect([...runs.ending]).toEqual([RunEnding.Park, RunEnding.Yield, RunEnding.End])
    expect([...runs.wait]).toEqual([0, -1, -1])
    expect(rowsIn(waits)).toEqual([{ goroutine: 0, begin: 130, end: 150, reason: recv, object: 9, waker: 1 }])
  })

  it("tells a wake-up from outside from one by a goroutine", () => {
    const { waits } = only(
      built([[at(1), [K.Start, 0, 1], [K.Park, recv, 0], [K.Start, 0, 2], [K.Unpark, 1, 1], [K.Park, recv, 0]]]),
    )
    expect([...waits.waker]).toEqual([Waker.Outside, Waker.None])
    expect([...waits.end]).toEqual([1, Infinity])
  })

  it("does not say since when one could run that was not seen to be woken", () => {
    const { runs, waits } = only(
      built([
        [
          at(1),
          [K.Start, 0, 1],
          at(1),
          [K.Park, recv, 0],
          at(2),
          [K.Start, 0, 2],
          [K.Yield, 0, 0],
          at(3),
          [K.Start, 0, 1],
        ],
      ]),
    )
    expect([...runs.runnable]).toEqual([NaN, NaN, NaN])
    expect(rowsIn(waits)).toMatchObject([{ begin: 1, end: 3, waker: Waker.Unknown }])
  })

  it("leaves it at the first wake-up for who is woken twice", () => {
    const { runs, waits } = only(
      built([
        [at(1), [K.Start, 0, 1], [K.Park, recv, 0], at(2), [K.Unpark, 1, 1], at(3), [K.Unpark, 1, 1], at(4)],
        [at(5), [K.Start, 0, 1], [K.Unpark, 1, 1], [K.End, 0, 0], [K.Unpark, 1, 1]],
      ]),
    )
    expect([...runs.runnable]).toEqual([NaN, 2])
    expect([...waits.end]).toEqual([2])
  })

  it("keeps the objects of a wait for one of several", () => {
    const { waits, alsoWaits } = only(
      built([[at(1), [K.Start, 0, 1], [K.Park, recv, 0], [K.ParkAlso, 0, 7], [K.ParkAlso, 1, 8]]]),
    )
    expect([...waits.object]).toEqual([0])
    expect(rowsIn(alsoWaits)).toEqual([
      { wait: 0, object: 7 },
      { wait: 0, object: 8 },
    ])
  })

  it("goes on with the same run where a frame begins anew with who runs", () => {
    const { runs } = only(
      built([
        [at(10), [K.Start, 0, 1]],
        [at(20), [K.Start, 0, 1], at(30), [K.Park, recv, 0]],
      ]),
    )
    expect([...runs.begin]).toEqual([10])
    expect([...runs.end]).toEqual([30])
  })

  it("ends a run and a wait where records were lost, and invents neither afterwards", () => {
    const builder = builderOf([[at(10), [K.Start, 0, 1], at(20), [K.Park, recv, 3], at(30), [K.Start, 0, 2]]])
    builder.add(records([at(90), [K.Start, 0, 2], at(95), [K.Unpark, 0, 1], at(99), [K.Yield, 0, 0]], 5))
    const timeline = builder.timeline()
    const { runs, waits, gaps } = only(timeline)
    expect(timeline.dropped).toBe(5)
    expect(rowsIn(gaps)).toEqual([{ begin: 30, end: 90, dropped: 5 }])
    expect([...runs.begin]).toEqual([10, 30, 90])
    expect([...runs.end]).toEqual([20, 30, 99])
    expect([...runs.ending]).toEqual([RunEnding.Park, RunEnding.Lost, RunEnding.Yield])
    expect([...runs.runnable]).toEqual([NaN, NaN, NaN])
    expect(rowsIn(waits)).toEqual([
      { goroutine: 0, begin: 20, end: 30, reason: recv, object: 3, waker: Waker.Unknown },
      { goroutine: 0, begin: 90, end: 95, reason: 0, object: 0, waker: 1 },
    ])
  })

  it("ends waits that nobody spoke of after a gap, and leaves ended what had ended", () => {
    const builder = builderOf([[at(10), [K.Start, 0, 1], at(20), [K.Park, recv, 3], [K.Start, 0, 2], [K.End, 0, 0]]])
    builder.add(records([at(90)], 1))
    const { waits, goroutines } = only(builder.timeline())
    expect([...waits.end]).toEqual([20])
    expect([...goroutines.state]).toEqual([GoroutineState.Unknown, GoroutineState.Ended])
  })

  it("takes nothing that was said before a gap for what is true after it", () => {
    const builder = builderOf([])
    builder.add(listed(waiting))
    builder.add(records([at(10), [K.Start, 0, 1], [K.Park, recv, 0]]))
    builder.add(records([at(90), [K.ParkAlso, 0, 7], [K.CreatedBy, site, 4], [K.Unpark, 1, 4]], 2))
    const { waits, alsoWaits, goroutines } = only(builder.timeline())
    expect(alsoWaits.length).toBe(0)
    expect([...goroutines.site]).toEqual([0, 0])
    expect(rowsIn(waits)).toMatchObject([
      { goroutine: 1, end: 10 },
      { goroutine: 0, begin: 90, end: 90, reason: 0 },
    ])
  })

  it("lets who waited when recording began wait from there on", () => {
    const builder = builderOf([])
    builder.add(listed({ ...waiting, on: [2] }))
    builder.add(records([at(50), [K.Start, 0, 1], at(60), [K.Unpark, 0, 4]]))
    const timeline = builder.timeline()
    const { waits, goroutines } = only(timeline)
    expect(timeline.texts[waits.reason[0]!]).toBe("sleep")
    expect(rowsIn(waits)).toMatchObject([{ goroutine: 0, begin: 50, end: 60, object: 2, waker: 1 }])
    expect(goroutines.created[0]).toBe(-Infinity)
    expect(timeline.texts[goroutines.name[0]!]).toBe("poller")
  })

  it("lets who is listed in a snapshot and did nothing wait all the time, on all that it waits on", () => {
    const builder = builderOf([[at(50), [K.Start, 0, 1]]])
    builder.add(listed({ ...waiting, on: [2, 3] }))
    const { waits, alsoWaits, goroutines } = only(builder.timeline())
    expect(rowsIn(waits)).toMatchObject([{ goroutine: 1, begin: 50, end: Infinity, object: 0, waker: Waker.None }])
    expect([...alsoWaits.object]).toEqual([2, 3])
    expect(goroutines.since[1]).toBe(50)
    builder.timeline()
    expect(only(builder.timeline()).waits.length).toBe(1)
  })

  it("invents no wait for who was listed waiting before the records of how it was created came", () => {
    for (const asksInBetween of [false, true]) {
      const builder = builderOf([[at(5), [K.Start, 0, 1]]])
      builder.add(listed(waiting))
      if (asksInBetween) builder.timeline()
      builder.add(records([at(10), [K.Create, worker, 4], [K.CreatedBy, site, 1], at(20), [K.Start, 0, 4]]))
      const { runs, waits } = only(builder.timeline())
      expect(runs.runnable[1]).toBe(10)
      expect(waits.begin.every((begin, i) => waits.end[i] === begin)).toBe(true)
    }
  })

  it("believes records rather than a list of goroutines that comes late", () => {
    const builder = builderOf([[at(1), [K.Start, 0, 4], at(2), [K.Yield, 0, 0]]])
    builder.add(listed({ ...waiting, isMain: true }))
    const { waits, goroutines } = only(builder.timeline())
    expect(waits.length).toBe(0)
    expect([...goroutines.state]).toEqual([GoroutineState.Runnable])
    expect([...goroutines.isMain]).toEqual([1])
  })

  it("spreads records of one clock up to the next, unless told not to", () => {
    const entries = [[at(1000), [K.Start, 0, 1], [K.Yield, 0, 0], [K.Start, 0, 2], [K.Yield, 0, 0], at(1400)]] as const
    const { runs } = only(built(entries))
    expect([...runs.begin]).toEqual([1000, 1200])
    expect([...runs.end]).toEqual([1100, 1300])
    const together = only(built(entries, { spread: false }))
    expect([...together.runs.end]).toEqual([1000, 1000])
  })

  it("aligns threads by their zeros, to the nanosecond, after days", () => {
    const builder = builderOf([])
    const day = 24 * 3600 * 1e9
    builder.add({ kind: FrameKind.Thread, thread: 1, name: "worker", zero: 1_700_000_000_002 })
    builder.add(records([at(30 * day + 7), [K.Start, 0, 1]]))
    builder.add({ ...records([at(30 * day + 7), [K.Start, 0, 1]]), thread: 1 })
    const { threads, zero, begin, end } = builder.timeline()
    expect(zero).toBe(1_700_000_000_000)
    expect(threads.map(({ runs }) => runs.begin[0])).toEqual([30 * day + 7, 30 * day + 7 + 2e6])
    expect([begin, end]).toEqual([30 * day + 7, 30 * day + 7 + 2e6])
  })

  it("says each string once for all threads", () => {
    const builder = builderOf([[at(1), [K.Start, 0, 1], [K.Park, recv, 0]]])
    builder.add({ kind: FrameKind.Strings, thread: 1, first: 40, strings: ["recv"] })
    builder.add({ ...records([at(1), [K.Start, 0, 1], [K.Park, 40, 0]]), thread: 1 })
    const { threads, texts } = builder.timeline()
    expect(threads.map(({ waits }) => texts[waits.reason[0]!])).toEqual(["recv", "recv"])
    expect(texts.filter((text) => text === "recv")).toHaveLength(1)
  })

  it("keeps regions, logs, levels, ops, collections, delays, panics and deadlocks", () => {
    const thread = only(
      built([
        [at(10_000), [K.Start, 0, 1], [K.RegionBegin, request, 5], [K.Op, recv, 3], [K.Level, 2, 3]],
        [at(20_000), [K.Log, hello, 0], [K.Gc, 4 | (5 << 8), 3], [K.LoopDelay, 0, 2]],
        [at(30_000), [K.RegionEnd, request, 5], [K.RegionBegin, request, 6], [K.Panic, boom, 1], [K.Deadlock, 0, 0]],
        [at(40_000), [K.Yield, 0, 0], [K.Idle, 1, 0]],
      ]),
    )
    expect(rowsIn(thread.regions)).toMatchObject([
      { goroutine: 0, begin: 10_000, end: 30_000, name: request },
      { goroutine: 0, begin: 30_000, end: Infinity },
    ])
    expect(rowsIn(thread.ops)).toEqual([{ time: 10_000, goroutine: 0, name: recv, object: 3 }])
    expect(rowsIn(thread.levels)).toEqual([{ time: 10_000, object: 3, value: 2 }])
    expect(rowsIn(thread.logs)).toEqual([{ time: 20_000, goroutine: 0, text: hello }])
    expect(rowsIn(thread.collections)).toEqual([{ begin: 12_000, end: 15_000, kind: 4 }])
    expect(rowsIn(thread.loopDelays)).toEqual([{ begin: 18_000, end: 20_000 }])
    expect(rowsIn(thread.panics)).toEqual([{ time: 30_000, goroutine: 0, text: boom }])
    expect([...thread.deadlocks.time]).toEqual([30_000])
    expect(rowsIn(thread.idles)).toEqual([{ time: 40_000, isBusy: 1 }])
  })

  it("counts what was lost after the last records, of which only the end tells", () => {
    const builder = builderOf([[at(1)]])
    builder.add({ kind: FrameKind.End, reason: "asked", records: 1, dropped: 40 })
    expect(builder.timeline().dropped).toBe(40)
  })

  it("leaves out records that make no sense", () => {
    const { runs, waits, goroutines } = only(
      built([
        [[K.Park, 99, 1], [K.End, 0, 0], [K.CreatedBy, 1, 1], at(5), [K.RegionEnd, 1, 1], [K.Yield, 0, 0], [31, 1, 1]],
      ]),
    )
    expect([runs.length, waits.length, goroutines.length]).toEqual([0, 0, 0])
  })

  it.each([0, 0.5])("holds its invariants on a made-up trace of which %d of the frames lost records", async (lossy) => {
    const timeline = await readTimeline(syntheticTrace({ records: 200_000, threads: 2, ops: true, lossy }))
    expect(timeline.records).toBe(200_000)
    expect(timeline.ended?.reason).toBe("asked")
    expect(timeline.dropped > 0).toBe(lossy > 0)
    expect(timeline.threads.some(({ gaps }) => gaps.length > 0)).toBe(lossy > 0)
    expect(checkTimeline(timeline.threads)).toEqual([])
    // Only where something was lost is it not known since when one could run.
    const unknown = timeline.threads.some(({ runs }) => runs.runnable.some((time) => Number.isNaN(time)))
    expect(unknown && lossy === 0).toBe(false)
  })

  it("makes the same synthetic trace of the same seed, and another one of another", () => {
    const bytes = (seed: number) => [...syntheticTrace({ records: 5000, seed })].map((chunk) => chunk.join()).join()
    expect(bytes(3)).toBe(bytes(3))
    expect(bytes(3) === bytes(4)).toBe(false)
  })
})

type Entry = readonly [kind: number, arg: number, id: number]

function at(time: number): Entry {
  return [K.Clock, Math.floor(time / 2 ** 32), (time % 2 ** 32) | 0]
}

function records(entries: ReadonlyArray<Entry>, dropped = 0): TraceFrame & { kind: typeof FrameKind.Records } {
  const words = Int32Array.from(entries.flatMap(([kind, arg, id]) => [kind | (arg << 5), id]))
  return { kind: FrameKind.Records, thread: 0, dropped, words }
}

const waiting: TracedGoroutine = { id: 4, name: "poller", isMain: false, status: "waiting", reason: "sleep" }

function listed(goroutine: TracedGoroutine): TraceFrame {
  return { kind: FrameKind.Goroutines, thread: 0, goroutines: [goroutine] }
}

function builderOf(frames: ReadonlyArray<ReadonlyArray<Entry>>, options?: { spread: boolean }): TimelineBuilder {
  const builder = new TimelineBuilder(options)
  builder.add({ kind: FrameKind.Thread, thread: 0, name: "main", zero: 1_700_000_000_000 })
  builder.add({ kind: FrameKind.Strings, thread: 0, first: 1, strings: strings.slice(1) })
  for (const entries of frames) builder.add(records(entries))
  return builder
}

function built(frames: ReadonlyArray<ReadonlyArray<Entry>>, options?: { spread: boolean }): Timeline {
  return builderOf(frames, options).timeline()
}

function only({ threads }: Timeline): ThreadTimeline {
  expect(threads).toHaveLength(1)
  return threads[0]!
}

function rowsIn(columns: { length: number } & object): Array<Record<string, number>> {
  const names = Object.entries(columns).filter(([name]) => name !== "length")
  return Array.from({ length: columns.length }, (_, i) =>
    Object.fromEntries(names.map(([name, column]) => [name, (column as unknown as Int32Array)[i]!])),
  )
}
