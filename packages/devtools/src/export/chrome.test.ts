import { describe, expect, it } from "vitest"
import { lockTrace } from "../../test/export/written-trace.ts"
import { syntheticTrace } from "../trace/synthetic.ts"
import { readTimeline, type Timeline } from "../trace/timeline.ts"
import { chromeTrace } from "./chrome.ts"

describe("chromeTrace", () => {
  it("is JSON with a complete event for each run and wait, in microseconds", () => {
    const events = read(lockTrace().timeline())
    const names = new Map(events.filter(({ name }) => name === "thread_name").map(({ tid, args }) => [tid, args?.name]))
    const complete = events.filter(({ ph }) => ph === "X")
    expect(complete.map(({ ts, dur, name, tid }) => [names.get(tid), name, ts, dur])).toEqual([
      ["main", "holder", 0.05, 0.12],
      ["main", "locker", 0.17, 0.03],
      ["main", "locker", 0.2, 0.05],
      ["main", "holder", 0.4, 0.2],
      ["main", "locker", 0.6, 0.05],
      ["main", "holder", 0.65, 0.25],
      ["holder 1", "sleep", 0.17, 0.13],
      ["locker 2", "sync.Mutex.Lock", 0.2, 0.3],
      ["locker 3", "sync.Mutex.Lock", 0.25, 0.65],
    ])
  })

  it("leads each flow from a wake-up to a run", async () => {
    const events = read(await readTimeline(syntheticTrace({ records: 20_000, ops: true })))
    const from = events.filter(({ ph }) => ph === "s").map(({ id }) => id)
    const to = events.filter(({ ph }) => ph === "f").map(({ id }) => id)
    expect(from.length).toBeGreaterThan(100)
    expect(to).toEqual(from)
    expect(events.filter(({ ph }) => ph === "C").length).toBeGreaterThan(100)
  })
})

interface ChromeEvent {
  readonly ph: string
  readonly name: string
  readonly id?: number
  readonly tid: number
  readonly ts?: number
  readonly dur?: number
  readonly args?: Record<string, unknown>
}

function read(timeline: Timeline): Array<ChromeEvent> {
  const text = [...chromeTrace(timeline)].map((chunk) => new TextDecoder().decode(chunk)).join("")
  return (JSON.parse(text) as { traceEvents: Array<ChromeEvent> }).traceEvents
}
