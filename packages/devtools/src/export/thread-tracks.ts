import { collectionKind } from "../trace/collection-kind.ts"
import type { SpanColumns, ThreadTimeline } from "../trace/thread-timeline.ts"
import type { Timeline } from "../trace/timeline.ts"
import type { Numbers } from "./numbers.ts"
import { SpanTracks } from "./span-tracks.ts"
import type { Annotated, Category, TrackEvents } from "./track-events.ts"

export interface Place {
  /** Tracks. */
  readonly process: number
  readonly track: number
  /** What is time 0 in the events. */
  readonly zero: number
  readonly uuids: Numbers
  readonly flows: Numbers
  /** Of goroutines, by row. */
  readonly names: ReadonlyArray<string>
}

/** Writes what happened on one thread. */
export class ThreadTracks {
  readonly #timeline: Timeline
  readonly #thread: ThreadTimeline
  readonly #events: TrackEvents
  readonly #place: Place

  constructor(timeline: Timeline, thread: ThreadTimeline, events: TrackEvents, place: Place) {
    this.#timeline = timeline
    this.#thread = thread
    this.#events = events
    this.#place = place
  }

  *runs(): Generator<Uint8Array<ArrayBuffer>> {
    const { runs, waits, goroutines, end } = this.#thread
    const { texts } = this.#timeline
    const { track, names, flows } = this.#place
    // The wait that each goroutine was in last, and whether it ran before.
    const waited = new Int32Array(goroutines.length).fill(-1)
    const ran = new Uint8Array(goroutines.length)
    for (let i = 0; i < runs.length; i++) {
      const goroutine = runs.goroutine[i]!
      const name = names[goroutine]!
      const says: { goroutine: number; "started at"?: string } = { goroutine: goroutines.id[goroutine]! >>> 0 }
      let flow = 0
      const wait = waited[goroutine]!
      if (wait !== -1 && waits.waker[wait]! >= 0) {
        flow = flows.next()
        this.#events.instant(track, this.#time(waits.end[wait]!), "wake", name, says, flow)
      } else if (
        ran[goroutine] === 0 &&
        goroutines.parent[goroutine] !== -1 &&
        goroutines.created[goroutine] !== -Infinity
      ) {
        flow = flows.next()
        this.#events.instant(track, this.#time(goroutines.created[goroutine]!), "wake", `go ${name}`, says, flow)
      }
      if (ran[goroutine] === 0 && goroutines.site[goroutine] !== 0)
        says["started at"] = texts[goroutines.site[goroutine]!]!
      this.#events.slice(
        track,
        this.#time(runs.begin[i]!),
        this.#time(Math.min(runs.end[i]!, end)),
        "run",
        name,
        says,
        flow,
      )
      waited[goroutine] = runs.wait[i]!
      ran[goroutine] = 1
      yield* this.#events.chunk()
    }
  }

  /** A track for each goroutine that waited or was in a region, in groups by where it was started. */
  *goroutines(starts: Int32Array, groups: ReadonlyArray<string>): Generator<Uint8Array<ArrayBuffer>> {
    const { waits, regions, goroutines, end } = this.#thread
    const { texts } = this.#timeline
    const { track, uuids, names } = this.#place
    const groupTracks = new Map<number, number>()
    const tracks = new Map<number, number>()
    const trackOf = (goroutine: number): number => {
      let own = tracks.get(goroutine)
      if (own !== undefined) return own
      const start = starts[goroutine]!
      let group = groupTracks.get(start)
      if (group === undefined) {
        group = uuids.next()
        groupTracks.set(start, group)
        this.#events.track(group, track, groups[start]!)
      }
      own = uuids.next()
      tracks.set(goroutine, own)
      this.#events.track(own, group, `${names[goroutine]!} ${goroutines.id[goroutine]!}`.trimStart())
      return own
    }
    for (let i = 0; i < waits.length; i++) {
      const on = trackOf(waits.goroutine[i]!)
      const reason = texts[waits.reason[i]!]!
      const says = waits.object[i] === 0 ? {} : { object: waits.object[i]! >>> 0 }
      const to = this.#time(Math.min(waits.end[i]!, end))
      this.#events.slice(on, this.#time(waits.begin[i]!), to, "wait", reason === "" ? "waiting" : reason, says)
      yield* this.#events.chunk()
    }
    const ofGoroutine = new Map<number, SpanTracks>()
    for (let i = 0; i < regions.length; i++) {
      const goroutine = regions.goroutine[i]!
      let spans = ofGoroutine.get(goroutine)
      if (spans === undefined) {
        spans = this.#spanTracks(goroutine === -1 ? track : trackOf(goroutine), "regions")
        ofGoroutine.set(goroutine, spans)
      }
      const from = this.#time(regions.begin[i]!)
      const to = this.#time(Math.min(regions.end[i]!, end))
      this.#events.slice(spans.track(from, to), from, to, "region", texts[regions.name[i]!]!, {})
      yield* this.#events.chunk()
    }
  }

  *levels(): Generator<Uint8Array<ArrayBuffer>> {
    const { levels, objects } = this.#thread
    const tracks = new Map<number, number>()
    for (let i = 0; i < levels.length; i++) {
      const object = levels.object[i]!
      let track = tracks.get(object)
      if (track === undefined) {
        track = this.#place.uuids.next()
        tracks.set(object, track)
        const { kind = "channel", capacity } = objects.get(object) ?? {}
        this.#events.counter(
          track,
          this.#place.track,
          `${kind} ${object}${capacity === undefined ? "" : ` of ${capacity}`}`,
        )
      }
      this.#events.count(track, this.#time(levels.time[i]!), levels.value[i]!)
      yield* this.#events.chunk()
    }
  }

  *marks(): Generator<Uint8Array<ArrayBuffer>> {
    const { logs, panics, deadlocks, collections, loopDelays, gaps, goroutines } = this.#thread
    const { texts } = this.#timeline
    const { track, process } = this.#place
    for (const [messages, category] of [
      [logs, "log"],
      [panics, "panic"],
    ] as const) {
      for (let i = 0; i < messages.length; i++) {
        const by = messages.goroutine[i]!
        const says = {
          message: texts[messages.text[i]!]!,
          ...(by === -1 ? {} : { goroutine: goroutines.id[by]! >>> 0 }),
        }
        this.#events.instant(track, this.#time(messages.time[i]!), category, category, says)
        yield* this.#events.chunk()
      }
    }
    for (const time of deadlocks.time) {
      this.#events.instant(process, this.#time(time), "deadlock", "all goroutines are asleep - deadlock!", {})
    }
    yield* this.#spans("GC", "gc", collections, (row) => ({ kind: collectionKind(collections.kind[row]!) }))
    yield* this.#spans("event loop late", "loop", loopDelays, () => ({}))
    yield* this.#spans("records lost", "lost", gaps, (row) => ({ records: gaps.dropped[row]! }))
  }

  /** On tracks of their own: what ran meanwhile need not nest with them. */
  *#spans(
    name: string,
    category: Category,
    spans: SpanColumns & { readonly length: number },
    say: (row: number) => Annotated,
  ): Generator<Uint8Array<ArrayBuffer>> {
    const rows = Array.from({ length: spans.length }, (_, row) => row)
    // The host tells of some late.
    rows.sort((a, b) => spans.begin[a]! - spans.begin[b]! || spans.end[b]! - spans.end[a]!)
    const tracks = this.#spanTracks(this.#place.track, name)
    for (const row of rows) {
      const from = this.#time(spans.begin[row]!)
      const to = this.#time(spans.end[row]!)
      this.#events.slice(tracks.track(from, to), from, to, category, name, say(row))
      yield* this.#events.chunk()
    }
  }

  #spanTracks(parent: number, name: string): SpanTracks {
    return new SpanTracks(() => {
      const track = this.#place.uuids.next()
      this.#events.track(track, parent, name)
      return track
    })
  }

  #time(time: number): number {
    return Math.round(time - this.#place.zero)
  }
}
