/**
 * Decodes the records of one thread.
 *
 * Records that share a `Clock` are spread evenly up to the next one: nothing was idle in between, as `Idle` has a clock to itself.
 */
import { RecordKind } from "../format/record-kind.ts"
import type { GoroutinesFrame, ObjectsFrame, StringsFrame, TracedObject, ValuesFrame } from "../format/trace-file.ts"
import { Marks } from "./marks.ts"
import { NumberIndex } from "./number-index.ts"
import { Scheduling } from "./scheduling.ts"
import type { Texts } from "./texts.ts"
import { GoroutineState, RunEnding, type ThreadTimeline } from "./thread-timeline.ts"
import type { RecordsFrame } from "./trace-frame.ts"

interface ValueRecord {
  readonly arg: number
  readonly id: number
}

export class ThreadBuilder {
  readonly thread: number
  name: string
  /** From the trace's zero to the thread's, in nanoseconds. */
  offset = 0
  records = 0
  readonly #texts: Texts
  readonly #spread: boolean
  /** From the thread's strings to the trace's. */
  readonly #strings = new NumberIndex()
  readonly #values = new NumberIndex()
  readonly #objects = new Map<number, TracedObject>()
  readonly #scheduling: Scheduling
  readonly #marks = new Marks()
  /** Of whoever is woken next. */
  #ofWoken: ValueRecord | undefined
  #begin = Infinity
  #now = -Infinity

  constructor(thread: number, texts: Texts, spread: boolean) {
    this.thread = thread
    this.name = `thread ${thread}`
    this.#texts = texts
    this.#spread = spread
    this.#scheduling = new Scheduling(texts)
  }

  addStrings({ first, strings }: StringsFrame): void {
    strings.forEach((text, i) => this.#strings.set(first + i, this.#texts.number(text)))
  }

  addValues({ first, values }: ValuesFrame): void {
    values.forEach((text, i) => this.#values.set(first + i, this.#texts.number(text)))
  }

  addObjects({ objects }: ObjectsFrame): void {
    for (const object of objects) this.#objects.set(object.id, object)
  }

  addGoroutines({ goroutines }: GoroutinesFrame): void {
    for (const goroutine of goroutines) this.#scheduling.describe(goroutine)
  }

  addRecords({ words, dropped }: RecordsFrame): void {
    const count = words.length >> 1
    this.records += count
    this.#reserve(words)
    // What came before the first time of all is nowhere.
    let from = this.#begin === Infinity ? nextClock(words, 0) : 0
    if (from === count) return
    if (dropped > 0) this.#lose(dropped, isClock(words, from) ? this.#clock(words, from) : this.#now)
    while (from < count) {
      const isTimed = isClock(words, from)
      const time = isTimed ? this.#clock(words, from) : this.#now
      if (isTimed) from++
      if (this.#begin === Infinity) this.#start(time)
      // Before the next one is read: no clock is earlier than this.
      this.#now = time
      const to = nextClock(words, from)
      const isSpread = this.#spread && to > from && to < count
      const step = isSpread ? (this.#clock(words, to) - time) / (to - from) : 0
      this.#decode(words, from, to, time, step)
      from = to
    }
  }

  timeline(): ThreadTimeline {
    this.#scheduling.settle()
    const { goroutines, runs, waits, alsoWaits, gaps } = this.#scheduling
    const { ops, levels, values, regions, logs, panics, deadlocks, collections, loopDelays, idles } = this.#marks
    return {
      ...{ thread: this.thread, name: this.name, begin: this.#begin, end: this.#now, objects: this.#objects },
      ...{ goroutines: goroutines.rows(), runs: runs.rows(), waits: waits.rows(), alsoWaits: alsoWaits.rows() },
      ...{ ops: ops.rows(), levels: levels.rows(), values: values.rows(), regions: regions.rows(), logs: logs.rows() },
      ...{ panics: panics.rows(), deadlocks: deadlocks.rows(), collections: collections.rows() },
      ...{ loopDelays: loopDelays.rows(), idles: idles.rows(), gaps: gaps.rows() },
    }
  }

  #start(time: number): void {
    this.#begin = time
    this.#scheduling.begin(time)
  }

  #lose(dropped: number, until: number): void {
    const since = this.#begin === Infinity ? until : this.#now
    this.#scheduling.lose(dropped, since, until)
    this.#ofWoken = undefined
    this.#now = until
  }

  /** Never before what came before it. */
  #clock(words: Int32Array, record: number): number {
    const high = words[2 * record]! >>> KIND_BITS
    return Math.max(high * 2 ** 32 + (words[2 * record + 1]! >>> 0) + this.offset, this.#now)
  }

  #text(string: number): number {
    return Math.max(this.#strings.get(string), 0)
  }

  /** Counted first: no table grows while it is written to, and none is made larger than it need be. */
  #reserve(words: Int32Array): void {
    const counts = new Int32Array(KIND_MASK + 1)
    for (let i = 0; i < words.length; i += 2) counts[words[i]! & KIND_MASK]!++
    const { runs, waits, alsoWaits } = this.#scheduling
    runs.reserve(counts[RecordKind.Start]!)
    waits.reserve(counts[RecordKind.Park]! + counts[RecordKind.Unpark]!)
    alsoWaits.reserve(counts[RecordKind.ParkAlso]!)
    this.#marks.reserve(counts)
  }

  #decode(words: Int32Array, from: number, to: number, begin: number, step: number): void {
    const scheduling = this.#scheduling
    let time = begin
    for (let record = from; record < to; record++, time += step) {
      const word = words[2 * record]!
      const arg = word >>> KIND_BITS
      const id = words[2 * record + 1]!
      this.#now = time
      switch (word & KIND_MASK) {
        case RecordKind.Start:
          scheduling.start(scheduling.row(id), time)
          break
        case RecordKind.Park:
          scheduling.park(time, this.#text(arg), id)
          break
        case RecordKind.ParkAlso:
          scheduling.parkAlso(id)
          break
        case RecordKind.Unpark:
          scheduling.unpark(scheduling.row(id), time, arg === 0 ? scheduling.running : -1)
          if (this.#ofWoken !== undefined) this.#value(time, scheduling.row(id), this.#ofWoken)
          this.#ofWoken = undefined
          break
        case RecordKind.Yield:
          scheduling.yield(time)
          break
        case RecordKind.Create:
          scheduling.create(id, time, this.#text(arg))
          break
        case RecordKind.CreatedBy:
          scheduling.createdBy(id, this.#text(arg))
          break
        case RecordKind.End:
          scheduling.end(time, arg)
          break
        default:
          this.#mark(word & KIND_MASK, arg, id, time)
      }
    }
  }

  #value(time: number, goroutine: number, { arg, id }: ValueRecord): void {
    const text = Math.max(this.#values.get(id), 0)
    this.#marks.value(time, goroutine, arg >>> 2, arg & 1, text)
  }

  #mark(kind: number, arg: number, id: number, time: number): void {
    const marks = this.#marks
    const { running } = this.#scheduling
    switch (kind) {
      case RecordKind.Idle:
        this.#scheduling.leave(time, RunEnding.Lost, GoroutineState.Unknown)
        return marks.idle(time, arg)
      case RecordKind.Op:
        return marks.op(time, running, this.#text(arg), id)
      case RecordKind.Value:
        if ((arg & 2) === 0) this.#value(time, running, { arg, id })
        else this.#ofWoken = { arg, id }
        return
      case RecordKind.Level:
        return marks.level(time, id, arg)
      case RecordKind.RegionBegin:
        return marks.regionBegin(time, running, this.#text(arg), id)
      case RecordKind.RegionEnd:
        return marks.regionEnd(time, id)
      case RecordKind.Log:
        return marks.log(time, running, this.#text(arg))
      case RecordKind.Gc:
        return marks.collection(time - (arg >>> 8) * 1000, id >>> 0, arg & 0xff)
      case RecordKind.LoopDelay:
        return marks.loopDelay(time, id >>> 0)
      case RecordKind.Deadlock:
        return marks.deadlock(time)
      case RecordKind.Panic:
        return marks.panic(time, this.#scheduling.row(id), this.#text(arg))
    }
  }
}

/** The first record from `from` on that is a clock, or how many there are. */
function nextClock(words: Int32Array, from: number): number {
  let record = from
  while (2 * record < words.length && !isClock(words, record)) record++
  return record
}

function isClock(words: Int32Array, record: number): boolean {
  return (words[2 * record]! & KIND_MASK) === RecordKind.Clock
}

const KIND_BITS = 5
const KIND_MASK = (1 << KIND_BITS) - 1
