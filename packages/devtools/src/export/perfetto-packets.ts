import { ProtoWriter } from "./proto-writer.ts"
import { type Annotated, annotations, categories, type Category, type TrackEvents } from "./track-events.ts"

/** Numbers of fields, from Perfetto's published schema (protos/perfetto/trace/trace_packet.proto and what it imports). */
const Trace = { packet: 1 }
const TracePacket = {
  ...{ clockSnapshot: 6, timestamp: 8, sequenceId: 10, trackEvent: 11, internedData: 12, sequenceFlags: 13 },
  ...{ defaults: 59, trackDescriptor: 60 },
}
const Defaults = { timestampClockId: 58 }
const ClockSnapshot = { clocks: 1, primaryTraceClock: 2 }
const Clock = { id: 1, timestamp: 2 }
const Track = { uuid: 1, name: 2, process: 3, thread: 4, parentUuid: 5, counter: 8 }
const Process = { pid: 1, cmdline: 2, name: 6 }
const Thread = { pid: 1, tid: 2, name: 5 }
const Counter = { unit: 3 }
const Interned = { categories: 1, names: 2, annotationNames: 3 }
const InternedName = { iid: 1, name: 2 }
const Event = {
  ...{ categoryIids: 3, annotations: 4, type: 9, nameIid: 10, trackUuid: 11, counterValue: 30 },
  ...{ flowIds: 47, terminatingFlowIds: 48 },
}
const Annotation = { nameIid: 1, uintValue: 3, stringValue: 6 }

const EventType = { SliceBegin: 1, SliceEnd: 2, Instant: 3, Counter: 4 } as const
const UNIT_COUNT = 2
const REALTIME = 1
/** The first of those that a sequence may define for itself. */
const OWN_CLOCK = 64
const INCREMENTAL_STATE_CLEARED = 1
const NEEDS_INCREMENTAL_STATE = 2
const SEQUENCE = 1

/**
 * Packets of a Perfetto trace, on one sequence.
 *
 * Strings are interned as they first occur.
 */
export class PerfettoPackets implements TrackEvents {
  readonly #writer = new ProtoWriter(CHUNK_BYTES + 4096)
  readonly #names = new Map<string, number>()

  /** Declares the clock: `zeroMillis` is its zero since the Unix epoch. */
  begin(zeroMillis: number): void {
    const zero = Math.round(zeroMillis * 1000) * 1000
    this.#packet(INCREMENTAL_STATE_CLEARED)
    this.#writer.begin(TracePacket.clockSnapshot)
    this.#writer.begin(ClockSnapshot.clocks).uint(Clock.id, OWN_CLOCK).uint(Clock.timestamp, 0).end()
    // Beyond 2 ** 53, so to the microsecond only.
    this.#writer.begin(ClockSnapshot.clocks).uint(Clock.id, REALTIME).uint(Clock.timestamp, zero).end()
    this.#writer.uint(ClockSnapshot.primaryTraceClock, REALTIME).end()
    this.#writer.begin(TracePacket.defaults).uint(Defaults.timestampClockId, OWN_CLOCK).end()
    this.#writer.begin(TracePacket.internedData)
    categories.forEach((name, i) => this.#interned(Interned.categories, i + 1, name))
    annotations.forEach((name, i) => this.#interned(Interned.annotationNames, i + 1, name))
    this.#writer.end().end()
  }

  process(uuid: number, pid: number, name: string, cmdline: ReadonlyArray<string>): void {
    this.#track(uuid).begin(Track.process).uint(Process.pid, pid).string(Process.name, name)
    for (const part of cmdline) this.#writer.string(Process.cmdline, part)
    this.#writer.end().end().end()
  }

  thread(uuid: number, parent: number, pid: number, tid: number, name: string): void {
    this.#track(uuid).uint(Track.parentUuid, parent).begin(Track.thread)
    this.#writer.uint(Thread.pid, pid).uint(Thread.tid, tid).string(Thread.name, name).end().end().end()
  }

  track(uuid: number, parent: number, name: string): void {
    this.#track(uuid).uint(Track.parentUuid, parent).string(Track.name, name).end().end()
  }

  counter(uuid: number, parent: number, name: string): void {
    this.#track(uuid).uint(Track.parentUuid, parent).string(Track.name, name)
    this.#writer.begin(Track.counter).uint(Counter.unit, UNIT_COUNT).end().end().end()
  }

  slice(track: number, from: number, to: number, category: Category, name: string, says: Annotated, flow = 0): void {
    this.#event(EventType.SliceBegin, track, from, category, name, says)
    if (flow !== 0) this.#writer.fixed64(Event.terminatingFlowIds, flow)
    this.#writer.end().end()
    this.#packet(NEEDS_INCREMENTAL_STATE)
    this.#writer.uint(TracePacket.timestamp, to).begin(TracePacket.trackEvent)
    this.#writer.uint(Event.type, EventType.SliceEnd).uint(Event.trackUuid, track).end().end()
  }

  instant(track: number, at: number, category: Category, name: string, says: Annotated, flow = 0): void {
    this.#event(EventType.Instant, track, at, category, name, says)
    if (flow !== 0) this.#writer.fixed64(Event.flowIds, flow)
    this.#writer.end().end()
  }

  count(track: number, at: number, value: number): void {
    this.#packet(NEEDS_INCREMENTAL_STATE)
    this.#writer.uint(TracePacket.timestamp, at).begin(TracePacket.trackEvent)
    this.#writer.uint(Event.type, EventType.Counter).uint(Event.trackUuid, track).uint(Event.counterValue, value)
    this.#writer.end().end()
  }

  *chunk(): Generator<Uint8Array<ArrayBuffer>> {
    if (this.#writer.length >= CHUNK_BYTES) yield this.#writer.take()
  }

  *rest(): Generator<Uint8Array<ArrayBuffer>> {
    if (this.#writer.length > 0) yield this.#writer.take()
  }

  #event(type: number, track: number, at: number, category: Category, name: string, says: Annotated): void {
    let iid = this.#names.get(name)
    this.#packet(NEEDS_INCREMENTAL_STATE)
    if (iid === undefined) {
      iid = this.#names.size + 1
      this.#names.set(name, iid)
      this.#writer.begin(TracePacket.internedData)
      this.#interned(Interned.names, iid, name)
      this.#writer.end()
    }
    this.#writer.uint(TracePacket.timestamp, at).begin(TracePacket.trackEvent)
    this.#writer.uint(Event.type, type).uint(Event.trackUuid, track)
    this.#writer.uint(Event.categoryIids, categories.indexOf(category) + 1).uint(Event.nameIid, iid)
    for (let i = 0; i < annotations.length; i++) {
      const value = says[annotations[i]!]
      if (value === undefined) continue
      this.#writer.begin(Event.annotations).uint(Annotation.nameIid, i + 1)
      if (typeof value === "number") this.#writer.uint(Annotation.uintValue, value).end()
      else this.#writer.string(Annotation.stringValue, value).end()
    }
  }

  #packet(flags: number): void {
    this.#writer.begin(Trace.packet).uint(TracePacket.sequenceId, SEQUENCE).uint(TracePacket.sequenceFlags, flags)
  }

  /** A packet with a track descriptor, both not ended. */
  #track(uuid: number): ProtoWriter {
    this.#packet(NEEDS_INCREMENTAL_STATE)
    return this.#writer.begin(TracePacket.trackDescriptor).uint(Track.uuid, uuid)
  }

  #interned(field: number, iid: number, name: string): void {
    this.#writer.begin(field).uint(InternedName.iid, iid).string(InternedName.name, name).end()
  }
}

const CHUNK_BYTES = 1 << 18
