import { describe, expect, it } from "vitest"
import { attach } from "../../src/attach/attach.ts"
import { perfettoTrace } from "../../src/export/perfetto.ts"
import type { ThreadTimeline } from "../../src/trace/thread-timeline.ts"
import { syntheticTrace } from "../../src/trace/synthetic.ts"
import { readTimeline, type Timeline } from "../../src/trace/timeline.ts"
import { Program } from "../attach/program.ts"
import { type Packet, type PacketEvent, readPerfetto, unknownIn } from "./perfetto-reader.ts"
import { lockTrace, meta, WrittenTrace } from "./written-trace.ts"

const madeUp = await readTimeline(syntheticTrace({ records: 150_000, threads: 2, ops: true, lossy: 0.5, seed: 5 }))
const bytes = exported(madeUp)
const { events, packets } = read(bytes)

describe("perfettoTrace", () => {
  it("writes nothing that the published schema does not know", () => {
    expect(unknownIn(bytes)).toEqual([])
    expect(unknownIn(exported(lockTrace().timeline()))).toEqual([])
  })

  it("would be found out if it did", () => {
    const [packet, event] = [0x0a, 0x5a]
    expect(unknownIn(Uint8Array.of(packet, 4, 0x82, 0xfb, 0x01, 0))).toEqual([".packet.4016"])
    expect(unknownIn(Uint8Array.of(packet, 4, event, 2, 0x48, 9))).toEqual([".packet.track_event.type=9"])
    expect(unknownIn(Uint8Array.of(packet, 4, event, 2, 0x5a, 0))).toEqual([".packet.track_event.track_uuid"])
  })

  it("has of a real program as many slices, flows, counts and tracks as its trace has", async () => {
    await using program = await Program.start("busy.ts")
    await using attached = await attach(program.pid)
    const parts: Array<Uint8Array> = []
    const running = await attached.trace({ ops: true, bufferBytes: 1 << 22 }, (part) => void parts.push(part))
    await enough(parts)
    await running.stop()
    const timeline = await readTimeline(parts)
    const file = exported(timeline)
    expect(unknownIn(file)).toEqual([])
    const packets = readPerfetto(file)
    const { threads } = timeline
    const sum = (of: (thread: ThreadTimeline) => number) => threads.reduce((total, thread) => total + of(thread), 0)
    const events = packets.flatMap(({ trackEvent }) => trackEvent ?? [])
    const tracks = packets.flatMap(({ trackDescriptor }) => trackDescriptor ?? [])
    const slices = sum(({ collections, gaps, loopDelays, regions, runs, waits }) =>
      [collections, gaps, loopDelays, regions, runs, waits].reduce((total, { length }) => total + length, 0),
    )
    expect(threads.length).toBeGreaterThan(1)
    expect(events.filter(({ type }) => type === "TYPE_SLICE_BEGIN")).toHaveLength(slices)
    expect(events.filter(({ type }) => type === "TYPE_SLICE_END")).toHaveLength(slices)
    expect(events.filter(({ type }) => type === "TYPE_COUNTER")).toHaveLength(sum(({ levels }) => levels.length))
    expect(tracks.filter(({ process }) => process !== undefined).map(({ process }) => process!.pid)).toEqual([
      program.pid,
    ])
    expect(tracks.filter(({ thread }) => thread !== undefined)).toHaveLength(threads.length)
    expect(tracks.filter(({ counter }) => counter !== undefined)).toHaveLength(
      sum(({ levels }) => new Set(levels.object).size),
    )
    // One for each run that somebody's wake-up or creation has led to.
    const wakes = sum((thread) => wakesIn(thread))
    expect(wakes).toBeGreaterThan(10)
    expect(events.flatMap(({ flowIds }) => flowIds ?? [])).toHaveLength(wakes)
    expect(events.flatMap(({ terminatingFlowIds }) => terminatingFlowIds ?? [])).toHaveLength(wakes)
  })

  it("has a slice for each run, wait, region, collection, delay and loss, and a count for each level", () => {
    const sum = (of: (thread: ThreadTimeline) => number) =>
      madeUp.threads.reduce((total, thread) => total + of(thread), 0)
    expect({ gc: 0, loop: 0, ...countBy(events, ({ category }) => category) }).toMatchObject({
      run: sum(({ runs }) => runs.length),
      wait: sum(({ waits }) => waits.length),
      region: sum(({ regions }) => regions.length),
      gc: sum(({ collections }) => collections.length),
      loop: sum(({ loopDelays }) => loopDelays.length),
      lost: sum(({ gaps }) => gaps.length),
      log: sum(({ logs }) => logs.length),
    })
    const { TYPE_COUNTER, TYPE_SLICE_BEGIN, TYPE_SLICE_END } = countBy(events, ({ type }) => type)
    expect(TYPE_COUNTER).toBe(sum(({ levels }) => levels.length))
    expect(TYPE_SLICE_BEGIN).toBe(TYPE_SLICE_END)
  })

  it("begins and ends slices so that they nest on each track", () => {
    expect(misnested(events)).toEqual([])
  })

  it("nests collections that overlap and of which the host told in no order", () => {
    const trace = new WrittenTrace().at(50_000).collection(1, 5, 10).collection(4, 7, 13).collection(8, 40)
    const { events, tracks } = read(exported(trace.timeline()))
    expect(misnested(events)).toEqual([])
    expect([...tracks.values()].filter((name) => name === "GC")).toHaveLength(2)
    // The longest began before the first record: times are from there on.
    expect(Math.min(...events.map(({ time }) => time))).toBe(0)
  })

  it("leads each flow from one wake-up to one run that comes no earlier", () => {
    const from = new Map<number, number>()
    let arrived = 0
    for (const event of events) for (const id of event.flowIds ?? []) from.set(id, event.time)
    for (const event of events) {
      for (const id of event.terminatingFlowIds ?? []) {
        if (!(from.get(id)! <= event.time)) expect.fail(`flow ${id} arrives before it departs`)
        arrived++
      }
    }
    expect(arrived).toBe(from.size)
    expect(arrived).toBe(events.filter(({ category }) => category === "wake").length)
    expect(arrived).toBeGreaterThan(1000)
  })

  it("declares each track before the first event on it, and its parent before that", () => {
    const declared = new Set<number>()
    for (const { trackDescriptor: track, trackEvent: event } of packets) {
      if (event !== undefined && !declared.has(event.trackUuid)) expect.fail(`no track ${event.trackUuid}`)
      if (track === undefined) continue
      if (track.parentUuid !== undefined && !declared.has(track.parentUuid)) expect.fail(`no parent of ${track.uuid}`)
      expect(declared.has(track.uuid)).toBe(false)
      declared.add(track.uuid)
    }
  })

  it("tells who ran and who woke whom, on tracks of process, thread and goroutine", () => {
    const { events, tracks } = read(exported(lockTrace().timeline()))
    expect([...tracks.values()]).toEqual([
      "api",
      "main",
      "holder (a.ts:1:1)",
      "holder 1",
      "locker (b.ts:2:2)",
      "locker 2",
      "locker 3",
    ])
    const told = events
      .filter(({ type }) => type !== "TYPE_SLICE_END")
      .map(({ time, name, category, track }) => `${time} ${category} ${name} on ${track}`)
    expect(told).toEqual([
      "50 run holder on main",
      "0 wake go locker on main",
      "170 run locker on main",
      "0 wake go locker on main",
      "200 run locker on main",
      "400 run holder on main",
      "500 wake locker on main",
      "600 run locker on main",
      "650 run holder on main",
      "170 wait sleep on holder 1",
      "200 wait sync.Mutex.Lock on locker 2",
      "250 wait sync.Mutex.Lock on locker 3",
    ])
    expect(events[0]?.says).toEqual({ goroutine: 1, "started at": "a.ts:1:1" })
  })

  it("shows levels, logs, panics and deadlocks, and puts regions that overlap on tracks of their own", () => {
    const trace = new WrittenTrace(0, [{ id: 3, kind: "channel", capacity: 8 }])
      .at(1000)
      .start(1)
      .level(3, 5)
      .region("a", 1)
      .at(2000)
      .region("b", 2)
      .log("hello")
      .at(3000)
      .leave(1)
      .at(4000)
      .leave(2)
      .panic(1, "boom")
      .deadlock()
      .collection(4, 2)
      .lose(3)
      .at(9000)
    const { events, tracks } = read(exported(trace.timeline()))
    expect(events.find(({ type }) => type === "TYPE_COUNTER")).toMatchObject({
      counterValue: 5,
      track: "channel 3 of 8",
    })
    expect(events.find(({ category }) => category === "log")?.says).toEqual({ message: "hello", goroutine: 1 })
    expect(events.find(({ category }) => category === "panic")?.says).toEqual({ message: "boom", goroutine: 1 })
    expect(events.find(({ category }) => category === "deadlock")?.track).toBe("api")
    expect(events.find(({ category }) => category === "lost")?.says).toEqual({ records: 3 })
    expect(events.find(({ category }) => category === "gc")?.says).toEqual({ kind: "mark-sweep-compact" })
    expect([...tracks.values()].filter((name) => name === "regions")).toHaveLength(2)
  })

  it("declares the clock by which its times are wall clock times", () => {
    const { packets } = read(exported(lockTrace().timeline()))
    expect(packets[0]?.clockSnapshot?.clocks).toEqual([
      { clockId: 64, timestamp: 0 },
      { clockId: 1, timestamp: meta.startedAt * 1e6 },
    ])
  })
})

function exported(timeline: Timeline): Uint8Array {
  return Buffer.concat([...perfettoTrace(timeline)])
}

/** Until there is something to count. */
async function enough(parts: ReadonlyArray<Uint8Array>): Promise<void> {
  while (parts.reduce((sum, { length }) => sum + length, 0) < 100_000)
    await new Promise((resolve) => setTimeout(resolve, 10))
}

/** Runs that begin a goroutine which another has created, or that end a wait which another has ended. */
function wakesIn({ goroutines, runs, waits }: ThreadTimeline): number {
  const before = new Map<number, number>()
  let wakes = 0
  for (let run = 0; run < runs.length; run++) {
    const goroutine = runs.goroutine[run]!
    const wait = before.get(goroutine)
    const isCreated = goroutines.parent[goroutine] !== -1 && goroutines.created[goroutine]! > -Infinity
    if (wait === undefined ? isCreated : wait !== -1 && waits.waker[wait]! >= 0) wakes++
    before.set(goroutine, runs.wait[run]!)
  }
  return wakes
}

interface ReadEvent extends PacketEvent {
  readonly time: number
  readonly track: string
  readonly name: string
  readonly category: string
  readonly says: Record<string, string | number>
}

/** Events with what is interned put in, in the order of the file. */
function read(file: Uint8Array): {
  packets: ReadonlyArray<Packet>
  events: Array<ReadEvent>
  tracks: Map<number, string>
} {
  const packets = readPerfetto(file)
  const tracks = new Map<number, string>()
  const interned = { eventCategories: new Map(), eventNames: new Map(), debugAnnotationNames: new Map() } as Record<
    keyof NonNullable<Packet["internedData"]>,
    Map<number, string>
  >
  const events: Array<ReadEvent> = []
  for (const { trackDescriptor: track, internedData, trackEvent: event, timestamp } of packets) {
    for (const [kind, names] of Object.entries(internedData ?? {})) {
      for (const { iid, name } of names) interned[kind as keyof typeof interned].set(iid, name)
    }
    if (track !== undefined) {
      tracks.set(track.uuid, track.name ?? track.process?.processName ?? track.thread?.threadName ?? "")
    }
    if (event === undefined) continue
    const says = (event.debugAnnotations ?? []).map(({ nameIid, uintValue, stringValue }) => [
      interned.debugAnnotationNames.get(nameIid)!,
      uintValue ?? stringValue!,
    ])
    events.push({
      ...event,
      time: timestamp!,
      track: tracks.get(event.trackUuid)!,
      name: interned.eventNames.get(event.nameIid ?? 0) ?? "",
      category: interned.eventCategories.get(event.categoryIids?.[0] ?? 0) ?? "",
      says: Object.fromEntries(says) as Record<string, string | number>,
    })
  }
  return { packets, events, tracks }
}

/** Tracks on which an end has another slice's beginning before it, or none. */
function misnested(events: ReadonlyArray<ReadEvent>): Array<number> {
  const open = new Map<number, Array<number>>()
  const wrong = new Set<number>()
  // Each end follows its beginning in the file.
  const ends = new Map<ReadEvent, number>()
  for (const [i, event] of events.entries()) if (event.type === "TYPE_SLICE_BEGIN") ends.set(event, events[i + 1]!.time)
  for (const event of inOrder(events)) {
    const track = open.get(event.trackUuid) ?? []
    open.set(event.trackUuid, track)
    if (event.type === "TYPE_SLICE_BEGIN") track.push(ends.get(event)!)
    else if (event.type === "TYPE_SLICE_END" && track.pop() !== event.time) wrong.add(event.trackUuid)
  }
  for (const [uuid, track] of open) if (track.length > 0) wrong.add(uuid)
  return [...wrong]
}

/** As Perfetto sorts them: what has the same time stays in the order of the file. */
function inOrder(events: ReadonlyArray<ReadEvent>): Array<ReadEvent> {
  return events.toSorted((a, b) => a.time - b.time)
}

function countBy<Value, Key extends string>(
  values: ReadonlyArray<Value>,
  key: (value: Value) => Key,
): Partial<Record<Key, number>> {
  const counts: Partial<Record<Key, number>> = {}
  for (const value of values) counts[key(value)] = (counts[key(value)] ?? 0) + 1
  return counts
}
