import { RecordKind } from "../../src/format/record-kind.ts"
import { FrameKind, type TracedObject, type TraceMeta } from "../../src/format/trace-file.ts"
import { type Timeline, TimelineBuilder } from "../../src/trace/timeline.ts"
import type { TraceFrame } from "../../src/trace/trace-frame.ts"

export const meta: TraceMeta = {
  ...{ pid: 7, title: "api", argv: ["/bin/node", "api.ts"], host: "box", runtime: "node 24.21.0", cores: 2 },
  ...{ startedAt: 1_790_000_000_000, ops: true },
}

/** A trace written by hand, a call a record: what tests read. */
export class WrittenTrace {
  readonly #frames: Array<TraceFrame> = [{ kind: FrameKind.Meta, ...meta }]
  readonly #thread: number
  readonly #strings: Array<string> = []
  #words: Array<number> = []
  #dropped = 0
  #records = 0
  #lost = 0

  constructor(thread = 0, objects: ReadonlyArray<TracedObject> = []) {
    this.#thread = thread
    this.#frames.push({ kind: FrameKind.Thread, thread, name: "main", zero: meta.startedAt })
    this.#frames.push({ kind: FrameKind.Objects, thread, objects })
  }

  at(time: number): this {
    return this.#add(RecordKind.Clock, Math.floor(time / 2 ** 32), (time % 2 ** 32) | 0)
  }

  create(id: number, name: string, site: string, parent = 0): this {
    this.#add(RecordKind.Create, this.#string(name), id)
    return this.#add(RecordKind.CreatedBy, this.#string(site), parent)
  }

  start(id: number): this {
    return this.#add(RecordKind.Start, 0, id)
  }

  park(reason: string, object = 0, ...also: Array<number>): this {
    this.#add(RecordKind.Park, this.#string(reason), object)
    also.forEach((each, i) => this.#add(RecordKind.ParkAlso, i, each))
    return this
  }

  unpark(id: number): this {
    return this.#add(RecordKind.Unpark, 0, id)
  }

  unparkFromOutside(id: number): this {
    return this.#add(RecordKind.Unpark, 1, id)
  }

  yield(): this {
    return this.#add(RecordKind.Yield, 0, 0)
  }

  end(ending = 0): this {
    return this.#add(RecordKind.End, ending, 0)
  }

  idle(): this {
    return this.#add(RecordKind.Idle, 0, 0)
  }

  op(name: string, object: number): this {
    return this.#add(RecordKind.Op, this.#string(name), object)
  }

  level(object: number, value: number): this {
    return this.#add(RecordKind.Level, value, object)
  }

  region(name: string, id: number): this {
    return this.#add(RecordKind.RegionBegin, this.#string(name), id)
  }

  leave(id: number): this {
    return this.#add(RecordKind.RegionEnd, 0, id)
  }

  log(text: string): this {
    return this.#add(RecordKind.Log, this.#string(text), 0)
  }

  panic(id: number, text: string): this {
    return this.#add(RecordKind.Panic, this.#string(text), id)
  }

  deadlock(): this {
    return this.#add(RecordKind.Deadlock, 0, 0)
  }

  collection(kind: number, micros: number, microsAgo = 0): this {
    return this.#add(RecordKind.Gc, kind | (microsAgo << 8), micros)
  }

  loopDelay(micros: number): this {
    return this.#add(RecordKind.LoopDelay, 0, micros)
  }

  /** Records are lost here; the next time is said by `at`. */
  lose(dropped: number): this {
    this.#flush()
    this.#dropped = dropped
    return this
  }

  frames(): Array<TraceFrame> {
    this.#flush()
    return [...this.#frames, { kind: FrameKind.End, reason: "asked", records: this.#records, dropped: this.#lost }]
  }

  /** Records that share a time keep it. */
  timeline(): Timeline {
    return timelineOf(this.frames())
  }

  #string(text: string): number {
    if (text === "") return 0
    if (!this.#strings.includes(text)) {
      this.#strings.push(text)
      const first = this.#strings.length
      this.#frames.push({ kind: FrameKind.Strings, thread: this.#thread, first, strings: [text] })
    }
    return this.#strings.indexOf(text) + 1
  }

  #add(kind: number, arg: number, id: number): this {
    this.#words.push(kind | (arg << 5), id)
    return this
  }

  #flush(): void {
    const words = Int32Array.from(this.#words)
    this.#frames.push({ kind: FrameKind.Records, thread: this.#thread, dropped: this.#dropped, words })
    this.#records += words.length / 2
    this.#lost += this.#dropped
    this.#words = []
    this.#dropped = 0
  }
}

export function timelineOf(frames: Iterable<TraceFrame>): Timeline {
  const builder = new TimelineBuilder({ spread: false })
  for (const frame of frames) builder.add(frame)
  return builder.timeline()
}

/** A holder sleeps while it has the lock, number 9, that two others wait for. */
export function lockTrace(): WrittenTrace {
  return new WrittenTrace(0, [{ id: 9, kind: "Mutex" }])
    .at(0)
    .create(1, "holder", "a.ts:1:1")
    .create(2, "locker", "b.ts:2:2", 1)
    .create(3, "locker", "b.ts:2:2", 1)
    .at(50)
    .start(1)
    .at(170)
    .park("sleep")
    .start(2)
    .at(200)
    .park("sync.Mutex.Lock", 9)
    .start(3)
    .at(250)
    .park("sync.Mutex.Lock", 9)
    .at(300)
    .unparkFromOutside(1)
    .at(400)
    .start(1)
    .at(500)
    .unpark(2)
    .at(600)
    .yield()
    .start(2)
    .at(650)
    .end()
    .start(1)
    .at(900)
}
