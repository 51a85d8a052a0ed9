/**
 * Recorder: writes what the goroutines of this thread do, two words a record, into a ring. It allocates nothing on the way but a number for what it has not seen before.
 *
 * Reading the clock costs five times a record. So the clock is read for each start and stop of a goroutine only while these are further apart than
 * `slowMillis`; where a program switches faster, up to `mostPerRead` of them share one time. A thread that was idle, or outside Weft, is always timed anew. So is a
 * goroutine that has not run lately, alone: among a thousand short steps of two goroutines the long one of a third must not look like theirs. Where most have not run lately
 * (a ring of thousands), that would be all of them, so only a few of each batch are.
 *
 * Who runs need not be written with each record: it is whoever was started last. A segment begins with the time and him.
 */
import type { DeadlockError, Goroutine, GoroutinePanic, Op, TraceHooks } from "@weft/core"
import { RecordKind } from "../format/record-kind.ts"
import type { TracedObject } from "../format/trace-file.ts"
import { capacityOf, kindOf, Objects } from "./objects.ts"
import { Ring, wordsPerRecord, wordsPerSegment } from "./ring.ts"
import { Strings } from "./strings.ts"

type G = Goroutine<unknown, unknown>
type AnyOp = Op<unknown, unknown>

const slowMillis = 0.002
const mostPerRead = 16
export const argShift = 5
const two32 = 2 ** 32
/** Of a message of the program's. */
const longestText = 256
/** Places for goroutines that have run lately, by the lowest bits of their numbers. */
const mostRecent = 8
/** How many of a batch may be timed alone, as they have not run lately. */
const mostExact = 4
/** Objects beyond have a number that does not fit beside a value. */
const mostNumbered = 2 ** 25
/** Descriptions of objects that are kept: of the latest ones. */
const mostObjects = 65_536

export class Recorder implements TraceHooks {
  declare readonly ring: Ring
  declare readonly strings: Strings
  declare readonly objects: Objects
  /** Descriptions of objects not yet sent; in a flight recorder of the latest ones. */
  declare newObjects: Array<TracedObject>
  /** Told of what a flight recorder is asked for. */
  declare onEvent: ((event: "deadlock" | "panic", detail: string) => void) | null
  declare private readonly now: () => number
  /** Where the next record goes, and where the segment ends: there is always room for one. */
  declare private at: number
  declare private segmentEnd: number
  declare private readonly words: Int32Array
  /** The segment in which the new part of the strings began. */
  declare private stringsSince: number
  declare private running: number
  declare private time: number
  declare protected untilRead: number
  declare private perRead: number
  /** Batches of starts and stops that have shared a time. */
  declare private batch: number
  /** Who has run lately, and in which batch last. */
  declare private readonly recent: Int32Array
  declare private readonly recentBatch: Int32Array
  declare private exactLeft: number
  /** Who runs is timed by itself. */
  declare private isExact: boolean
  // The two objects and names seen last: looking them up in a map costs as much as the rest of a record.
  declare private objectA: object | null
  declare private objectB: object | null
  declare private numberA: number
  declare private numberB: number
  declare private isBNext: boolean
  declare private isABuffered: boolean
  declare private isBBuffered: boolean
  /** Whether the object asked for last is a channel that holds values. */
  declare protected isBuffered: boolean
  declare private nameA: string
  declare private nameB: string
  declare private nameNumberA: number
  declare private nameNumberB: number
  declare private isNameBNext: boolean

  constructor(bytes: number, now: () => number) {
    this.ring = new Ring(bytes)
    this.strings = Strings.ofRecorder()
    this.strings.onForgotten = () => this.stringsForgotten()
    this.newObjects = []
    this.objects = new Objects((object, id, op) => {
      const capacity = capacityOf(object)
      this.newObjects.push({ id, kind: kindOf(object, op), ...(capacity === undefined ? {} : { capacity }) })
      if (this.newObjects.length >= 2 * mostObjects) this.newObjects = this.newObjects.slice(-mostObjects)
    })
    this.onEvent = null
    this.now = now
    this.at = 0
    this.segmentEnd = wordsPerSegment
    this.words = this.ring.words
    this.stringsSince = 0
    this.running = 0
    this.time = -Infinity
    this.untilRead = 0
    this.perRead = 1
    this.batch = 0
    this.recent = new Int32Array(mostRecent)
    this.recentBatch = new Int32Array(mostRecent)
    this.exactLeft = mostExact
    this.isExact = false
    this.forgetRecent()
    this.nameA = ""
    this.nameB = ""
    this.nameNumberA = 0
    this.nameNumberB = 0
    this.isNameBNext = false
    this.begin()
  }

  /** The recent ones are held by the recorder: a leak check must not find them so. */
  forgetRecent(): void {
    this.objectA = null
    this.objectB = null
    this.numberA = 0
    this.numberB = 0
    this.isBNext = false
    this.isABuffered = false
    this.isBBuffered = false
    this.isBuffered = false
  }

  /** Whatever was recorded before the strings that are old now were new names strings that are gone. */
  private stringsForgotten(): void {
    this.ring.forgetBefore(this.stringsSince)
    this.stringsSince = this.ring.current
    this.nameA = ""
    this.nameB = ""
  }

  /** Ends the segment, so that it can be taken. False: nothing has been recorded in it. */
  seal(): boolean {
    // Its time, and who runs.
    const opening = this.running === 0 ? 1 : 2
    if (this.at - this.ring.start <= opening * wordsPerRecord) return false
    this.nextSegment()
    return true
  }

  /** Recording ends: a thread that has had nothing to tell for long was there until now. */
  finish(): void {
    this.readClock()
    this.seal()
  }

  // ---- hooks

  create(goroutine: G, parent: G | null): void {
    // Both records in one segment.
    if (this.running === 0) this.readClock()
    if (this.segmentEnd - this.at <= wordsPerRecord) this.nextSegment()
    this.write(RecordKind.Create | (this.nameNumber(goroutine.name) << argShift), goroutine.id)
    const site = this.strings.numberOf(goroutine.startedAt)
    this.write(RecordKind.CreatedBy | (site << argShift), parent === null ? 0 : parent.id)
  }

  start(goroutine: G): void {
    const { id } = goroutine
    const place = id & (mostRecent - 1)
    if (this.recent[place] === (id | 0) && this.batch - this.recentBatch[place]! <= 1) {
      this.isExact = false
      if (--this.untilRead <= 0) this.readForBatch()
    } else this.startStranger(id, place)
    this.recentBatch[place] = this.batch
    this.running = id
    this.write(RecordKind.Start, id)
  }

  private startStranger(id: number, place: number): void {
    this.recent[place] = id
    this.isExact = --this.exactLeft >= 0
    if (this.isExact) this.readClock()
    else this.stamp()
  }

  park(_goroutine: G, op: AnyOp): void {
    this.stampStop()
    const on = op.on
    const head = RecordKind.Park | (this.nameNumber(op.name) << argShift)
    // After the record: what follows in a new segment begins with nobody running.
    if (!Array.isArray(on)) this.writeStop(head, on === undefined ? 0 : this.numberOf(on, op))
    else {
      this.writeStop(head, 0)
      const objects = on as ReadonlyArray<object>
      for (let i = 0; i < objects.length && i < mostPerRead; i++)
        this.write(RecordKind.ParkAlso | (i << argShift), this.numberOf(objects[i]!, op))
    }
  }

  unpark(goroutine: G, by: G | null): void {
    if (by !== null) return this.write(RecordKind.Unpark, goroutine.id)
    if (this.running === 0) this.readClock()
    this.write(RecordKind.Unpark | (1 << argShift), goroutine.id)
  }

  yield(_goroutine: G): void {
    this.stampStop()
    this.writeStop(RecordKind.Yield, 0)
  }

  end(goroutine: G): void {
    this.stampStop()
    this.writeStop(RecordKind.End | ((goroutine.ending - 1) << argShift), 0)
  }

  idle(isMoreRunnable: boolean): void {
    this.readClock()
    this.running = 0
    // Whoever runs next does so after the host's turn.
    this.untilRead = 0
    this.write(RecordKind.Idle | (Number(isMoreRunnable) << argShift), 0)
  }

  regionBegin(_goroutine: G | null, name: string, id: number): void {
    this.readClock()
    this.write(RecordKind.RegionBegin | (this.nameNumber(name) << argShift), id)
  }

  regionEnd(_goroutine: G | null, name: string, id: number): void {
    this.readClock()
    this.write(RecordKind.RegionEnd | (this.nameNumber(name) << argShift), id)
  }

  log(_goroutine: G | null, message: string): void {
    this.readClock()
    this.write(RecordKind.Log | (this.strings.numberOf(message.slice(0, longestText)) << argShift), 0)
  }

  deadlock(error: DeadlockError): void {
    this.readClock()
    this.write(RecordKind.Deadlock, 0)
    this.onEvent?.("deadlock", error.message)
  }

  panic(panic: GoroutinePanic): void {
    this.readClock()
    const [line = ""] = panic.message.split("\n")
    this.write(RecordKind.Panic | (this.strings.numberOf(line.slice(0, longestText)) << argShift), panic.id)
    this.onEvent?.("panic", panic.message)
  }

  // ---- told by who listens beside it

  /** A value of the channel that `op` sends to or receives from, by its number: a record that stands before the one it belongs to. */
  value(number: number, isReceived: boolean, isOfWoken: boolean, op: AnyOp): void {
    const { on } = op
    const object = on === undefined || Array.isArray(on) ? 0 : this.numberOf(on, op)
    const arg = (object < mostNumbered ? object << 2 : 0) | (Number(isOfWoken) << 1) | Number(isReceived)
    this.write(RecordKind.Value | (arg << argShift), number)
  }

  // ---- told by the host

  gc(kind: number, millis: number, endedMillisAgo: number): void {
    this.readClock()
    const ago = Math.min(0x7ffff, Math.max(0, Math.round(endedMillisAgo * 1000)))
    this.write(RecordKind.Gc | ((kind | (ago << 8)) << argShift), Math.round(millis * 1000))
  }

  loopDelay(millis: number): void {
    this.readClock()
    this.write(RecordKind.LoopDelay, Math.round(millis * 1000))
  }

  // ---- private

  protected numberOf(on: object, op: AnyOp): number {
    if (on === this.objectA) {
      this.isBuffered = this.isABuffered
      return this.numberA
    }
    if (on === this.objectB) {
      this.isBuffered = this.isBBuffered
      return this.numberB
    }
    const number = this.objects.numberOf(on, op)
    this.isBuffered = capacityOf(on)! > 0
    if (this.isBNext) {
      this.objectB = on
      this.numberB = number
      this.isBBuffered = this.isBuffered
    } else {
      this.objectA = on
      this.numberA = number
      this.isABuffered = this.isBuffered
    }
    this.isBNext = !this.isBNext
    return number
  }

  protected nameNumber(name: string): number {
    if (name === this.nameA) return this.nameNumberA
    if (name === this.nameB) return this.nameNumberB
    const number = this.strings.numberOf(name)
    if (this.isNameBNext) {
      this.nameB = name
      this.nameNumberB = number
    } else {
      this.nameA = name
      this.nameNumberA = number
    }
    this.isNameBNext = !this.isNameBNext
    return number
  }

  protected stamp(): void {
    if (--this.untilRead <= 0) this.readForBatch()
  }

  private stampStop(): void {
    if (this.isExact) this.readClock()
    else if (--this.untilRead <= 0) this.readForBatch()
  }

  private readForBatch(): void {
    this.batch++
    this.exactLeft = mostExact
    this.readClock()
  }

  protected readClock(): void {
    const now = this.now()
    const perStamp = (now - this.time) / this.perRead
    if (perStamp >= slowMillis) this.perRead = 1
    else if (this.perRead < mostPerRead) this.perRead *= 2
    this.untilRead = this.perRead
    this.writeTime(now)
  }

  private writeTime(now: number): void {
    this.time = now
    const nanos = Math.round(now * 1e6)
    const high = Math.floor(nanos / two32)
    this.write(RecordKind.Clock | (high << argShift), (nanos - high * two32) | 0)
  }

  protected write(word0: number, word1: number): void {
    const { at, words } = this
    words[at] = word0
    words[at + 1] = word1
    this.at = at + wordsPerRecord
    if (this.at === this.segmentEnd) this.nextSegment()
  }

  /** The running goroutine stops: a segment that begins after this begins with nobody. */
  private writeStop(word0: number, word1: number): void {
    this.running = 0
    this.write(word0, word1)
  }

  private nextSegment(): void {
    this.ring.next(this.at, this.now())
    this.at = this.ring.start
    this.segmentEnd = this.at + wordsPerSegment
    this.begin()
  }

  private begin(): void {
    this.writeTime(this.now())
    if (this.running !== 0) this.write(RecordKind.Start, this.running)
  }
}
