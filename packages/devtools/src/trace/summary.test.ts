import { describe, expect, it } from "vitest"
import { lockTrace, WrittenTrace } from "../../test/export/written-trace.ts"
import { render } from "../cli/text/paint.ts"
import { RecordKind as K } from "../format/record-kind.ts"
import { FrameKind, type TracedGoroutine } from "../format/trace-file.ts"
import { durationText } from "./duration-text.ts"
import { summarize } from "./summary.ts"
import { summaryText } from "../export/summary-text.ts"
import { syntheticTrace } from "./synthetic.ts"
import { readTimeline, type Timeline, TimelineBuilder } from "./timeline.ts"

describe("summarize", () => {
  it("adds up what goroutines waited for, up to the end for those who still do", () => {
    const { reasons, spent } = summarize(lockTrace().timeline())
    expect(reasons).toEqual([
      { reason: "sync.Mutex.Lock", count: 2, nanos: 300 + 650, longest: 650 },
      { reason: "sleep", count: 1, nanos: 130, longest: 130 },
    ])
    expect(spent.filter(({ state }) => state === "running")).toEqual([
      { name: "holder", site: "a.ts:1:1", state: "running", reason: "", count: 3, nanos: 570, longest: 250 },
      { name: "locker", site: "b.ts:2:2", state: "running", reason: "", count: 3, nanos: 130, longest: 50 },
    ])
  })

  it("measures from when one could run to when it does", () => {
    const { latency, longestRunnable } = summarize(lockTrace().timeline())
    expect(latency).toEqual({ count: 6, p50: 100, p90: 200, p99: 200, max: 200 })
    expect(longestRunnable[0]).toMatchObject({ id: 3, name: "locker", begin: 0, nanos: 200, isAtLeast: false })
  })

  it("counts who could run and did not before the end", () => {
    const { longestRunnable, spent } = summarize(new WrittenTrace().at(10).create(5, "", "").at(70).timeline())
    expect(longestRunnable).toMatchObject([{ id: 5, begin: 0, nanos: 60, isAtLeast: true }])
    expect(spent).toMatchObject([{ state: "runnable", nanos: 60 }])
  })

  it("names the longest run, and says of one without an end that it lasted at least so long", () => {
    const [longest, next] = summarize(lockTrace().timeline()).longestRuns
    expect(longest).toMatchObject({ thread: 0, id: 1, name: "holder", site: "a.ts:1:1", nanos: 250, isAtLeast: true })
    expect(next).toMatchObject({ nanos: 200, isAtLeast: false })
  })

  it("keeps as many of the longest as were asked for", () => {
    const { longestRuns } = summarize(lockTrace().timeline(), { most: 3 })
    expect(longestRuns.map(({ nanos }) => nanos)).toEqual([250, 200, 120])
  })

  it("says of a run whose end was lost that it lasted at least so long", () => {
    const trace = new WrittenTrace().at(10).start(1).at(30).log("working").lose(5).at(90).start(2).at(95).yield()
    expect(summarize(trace.timeline()).longestRuns).toMatchObject([
      { id: 1, nanos: 20, isAtLeast: true },
      { id: 2, nanos: 5, isAtLeast: false },
    ])
  })

  it("calls a main goroutine without a name main", () => {
    const builder = new TimelineBuilder()
    const main: TracedGoroutine = { id: 1, name: "", isMain: true, status: "running" }
    builder.add({ kind: FrameKind.Goroutines, thread: 0, goroutines: [main] })
    builder.add({
      kind: FrameKind.Records,
      thread: 0,
      dropped: 0,
      words: Int32Array.of(K.Clock, 0, K.Start, 1, K.Clock, 9),
    })
    expect(summarize(builder.timeline()).longestRuns).toMatchObject([{ name: "main", nanos: 9 }])
  })

  it("counts who handed a lock over to whom, and who waits still", () => {
    expect(summarize(lockTrace().timeline()).objects).toEqual([
      {
        ...{ thread: 0, object: 9, kind: "Mutex", capacity: undefined, waits: 2, selects: 0, nanos: 950, longest: 650 },
        ...{ handOvers: 1, stillWaiting: 1, reasons: ["sync.Mutex.Lock"] },
      },
    ])
  })

  it("tells panics and deadlocks", () => {
    const trace = new WrittenTrace().at(100).start(3).at(150).panic(3, "boom").deadlock().end(2)
    const summary = summarize(trace.timeline())
    expect(summary).toMatchObject({ deadlocks: 1, panics: [{ thread: 0, id: 3, time: 50, text: "boom" }] })
    expect(textOf(trace.timeline())).toContain("Goroutine 3 panicked after 50 ns: boom")
  })

  it("says plainly that records were lost and the trace cut off", () => {
    const builder = new TimelineBuilder()
    builder.add({ kind: FrameKind.Records, thread: 0, dropped: 3, words: Int32Array.of(K.Clock, 0) })
    const text = textOf(builder.timeline())
    expect(text).toMatch(/3 records \(75 %\) lost/)
    expect(text).toMatch(/cut off: its end is missing/)
  })

  it("summarizes nothing as nothing", () => {
    const timeline = new TimelineBuilder().timeline()
    expect(summarize(timeline)).toMatchObject({ nanos: 0, records: 0, reasons: [], latency: { count: 0, max: 0 } })
    expect(textOf(timeline)).toContain("0 records")
  })

  it("fits into 100 columns, and into 60", async () => {
    const timeline = await readTimeline(syntheticTrace({ records: 50_000, ops: true, lossy: 0.3 }))
    for (const columns of [100, 60]) {
      const lines = textOf(timeline, columns).split("\n")
      expect(lines.filter((line) => line.length > columns)).toEqual([])
      expect(lines).toContain("Waiting, by reason")
    }
  })
})

describe("durationText", () => {
  it("shows three digits and one unit, and rounds up into the next unit", () => {
    const shown = [0, 812, 999.4, 999.6, 1234, 45_600_000, 999_600, 3.45e9, 7.2e12].map(durationText)
    expect(shown).toEqual(["0 ns", "812 ns", "999 ns", "1.00 µs", "1.23 µs", "45.6 ms", "1.00 ms", "3.45 s", "7200 s"])
  })
})

function textOf(timeline: Timeline, columns = 100): string {
  return render(summaryText(summarize(timeline), { columns }), false)
}
