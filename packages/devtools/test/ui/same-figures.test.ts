/** The page and the terminal say the same of one trace, and of one process. */
import { beforeAll, describe, expect, it } from "vitest"
import { cpuShare, createdPerSecond } from "../../src/analysis/rates.ts"
import { GoroutineState } from "../../src/trace/thread-timeline.ts"
import { readTimeline, type Timeline } from "../../src/trace/timeline.ts"
import { spentByStart } from "../../src/trace/spent.ts"
import { summarize } from "../../src/trace/summary.ts"
import { StateClasses } from "../../ui/model/reason-class.ts"
import { layTracks } from "../../ui/trace/lay-tracks.ts"
import { CLASSES } from "../../ui/trace/tracks.ts"
import { summarize as summarizeForPage } from "../../ui/trace/summarize.ts"
import { FakeProcess } from "./support/fake-process.ts"
import { shopTrace } from "./support/shop-trace.ts"

describe("one trace", () => {
  let timeline: Timeline
  beforeAll(async () => {
    timeline = await readTimeline(shopTrace())
  })

  it("has threads that were recorded for different times, and goroutines that still wait and run", () => {
    expect(new Set(timeline.threads.map(({ end }) => end)).size).toBeGreaterThan(1)
    expect(timeline.threads.some(({ goroutines }) => goroutines.state.includes(GoroutineState.Waiting))).toBe(true)
  })

  it("has the same waits by reason, objects and latencies", () => {
    const [terminal, page] = [summarize(timeline), summarizeForPage(timeline)]
    const reasons = page.reasons.map(({ count, maxNanos, reason, totalNanos }) => ({
      ...{ reason: reason === "(beginning not seen)" ? "" : reason, count },
      ...{ nanos: Math.round(totalNanos), longest: Math.round(maxNanos) },
    }))
    expect(reasons).toEqual(
      terminal.reasons.map(({ count, longest, nanos, reason }) => ({
        ...{ reason, count, nanos: Math.round(nanos), longest: Math.round(longest) },
      })),
    )
    const key = ({ id, thread }: { readonly id: number; readonly thread: number }) => `${thread}:${id}`
    const objects = new Map(page.objects.map((object) => [key(object), object]))
    for (const { longest, nanos, object, stillWaiting, thread, waits } of terminal.objects) {
      const shown = objects.get(key({ id: object, thread }))!
      expect([shown.waits, shown.stillWaiting]).toEqual([waits, stillWaiting])
      expect(shown.totalNanos).toBeCloseTo(nanos, 3)
      expect(shown.maxNanos).toBeCloseTo(longest, 3)
    }
    expect(page.latency).toEqual(terminal.latency)
  })

  it("has the same running time of each thread, and of all goroutines of it", () => {
    const tracks = layTracks(timeline)
    const running = (track: number) => tracks.totals[track * CLASSES + StateClasses.RUNNING]!
    summarize(timeline).threads.forEach(({ runningNanos }, i) => expect(running(i)).toBeCloseTo(runningNanos, 3))
    const spent = spentByStart(timeline)
      .filter(({ state }) => state === "running")
      .reduce((sum, { nanos }) => sum + nanos, 0)
    let all = 0
    for (let track = tracks.threads; track < tracks.count; track++) all += running(track)
    expect(all).toBeCloseTo(spent, 3)
  })

  it("has percentiles that occurred, as sorting all of them would give", () => {
    const all = timeline.threads
      .flatMap(({ runs }) => Array.from({ length: runs.length }, (_, i) => runs.begin[i]! - runs.runnable[i]!))
      .filter((nanos) => nanos >= 0)
      .sort((a, b) => a - b)
    const rank = (part: number) => all[Math.ceil(part * all.length) - 1]
    const { count, max, p50, p90, p99 } = summarize(timeline).latency
    expect([count, p50, p90, p99, max]).toEqual([all.length, rank(0.5), rank(0.9), rank(0.99), all.at(-1)])
  })
})

describe("one process", () => {
  it("has rates of the threads that are in both looks", async () => {
    const fake = new FakeProcess()
    const [before, now] = [await fake.stats(), await fake.stats()]
    expect(cpuShare(now, before)).toBeCloseTo(1.23, 6)
    expect(createdPerSecond(now, before)).toBe(310 * now.threads.length)
    const [first, ...others] = before.threads
    expect(createdPerSecond(now, { ...before, threads: others })).toBe(310 * others.length)
    expect(createdPerSecond(now, { ...now, threads: [first!] })).toBeUndefined()
  })
})
