/**
 * SharedRing: the bounded queue in shared memory under a shared channel. Its memory: ring-layout.ts.
 *
 * A send claims a position by compare-and-swap of TAIL, writes its value and then its slot's SEQUENCE; a receive claims one by
 * compare-and-swap of HEAD, reads, and hands the slot on. Nothing is locked: threads meet in HEAD and TAIL only.
 *
 * Invariants:
 *   1. A slot is written by the one send, and read by the one receive, whose turn it is by its SEQUENCE.
 *   2. At most `capacity` values are buffered: HEAD only grows, so a send that saw room has it.
 *   3. Once CLOSED is set no send claims a position, and the end is seen only at HEAD = TAIL: every send that came before is received.
 *
 * Waiting: RECEIVERS and SENDERS are event counts. Who waits sets WAITING, looks again, and waits for the word to change; who has sent clears
 * WAITING, adds one and notifies one thread. In between both have written and read in one order that all agree with, so one of them sees the
 * other: no wake-up is lost. A woken thread sets WAITING again, as others may wait whom nobody would tell otherwise, and wakes the next if
 * it leaves something behind.
 *
 * A thread that ends between its claim and its SEQUENCE, a few instructions, leaves a slot that nobody can pass: the channel stops there.
 */
import { made, NotReady, type Waiter, WaitWord } from "@weft/core"
import { closeOfClosed, sendOnClosed } from "../closed.ts"
import { Ended } from "../receive.ts"
import type { Codec, SlotMemory } from "./codec.ts"
import { Closed, Head, type Layout, memoryOf, Position, Receivers, Senders, sequenceWord, Tail } from "./ring-layout.ts"

const Waiting = 1

/** What a send answers that has no position: there is no room, or the channel is closed. */
export const Full = -1
export const Shut = -2

/** The ring itself, as one thread sees it. */
export class SharedRing<T> {
  readonly words: Int32Array<SharedArrayBuffer>
  readonly codec: Codec<T>
  readonly layout: Layout
  readonly receivers: Lot
  readonly senders: Lot
  readonly #memory: SlotMemory
  readonly #mask: number
  readonly #stride: number
  readonly #first: number
  #seenHead = 0

  constructor(codec: Codec<T>, layout: Layout, words: Int32Array<SharedArrayBuffer>) {
    this.codec = codec
    this.layout = layout
    this.words = words
    this.receivers = new ReceiverLot(words, Receivers, this)
    this.senders = this.senderLot(words, Senders)
    this.#memory = memoryOf(words)
    this.#mask = layout.slots - 1
    this.#stride = layout.stride
    this.#first = sequenceWord(layout, 0)
    made(this)
  }

  protected senderLot(words: Int32Array, word: number): Lot {
    return new SenderLot(words, word, this)
  }

  slotOf(position: number): number {
    return position & this.#mask
  }

  /** The index of the SEQUENCE of a position's slot. */
  sequenceOf(position: number): number {
    return this.#first + (position & this.#mask) * this.#stride
  }

  /** Whose turn it is there. */
  turnOf(position: number, sequence: number): number {
    return (Atomics.load(this.words, sequence) + (position & this.#mask)) & Position
  }

  valueAt(sequence: number): T {
    return this.codec.read(this.#memory, 4 * sequence + 8)
  }

  /** Sends what was encoded: answers true, or false while it is full. Panics once closed. */
  send(encoded: unknown, value: unknown): boolean {
    const position = this.claimAndWrite(encoded)
    if (position === Shut) throw sendOnClosed(value)
    if (position === Full) return false
    this.receivers.tellOne()
    return true
  }

  /** The position that it was written to, {@link Full} or {@link Shut}. */
  claimAndWrite(encoded: unknown): number {
    const { words } = this
    for (;;) {
      const tail = Atomics.load(words, Tail)
      if (tail < 0) return Shut
      const slot = tail & this.#mask
      const sequence = this.#first + slot * this.#stride
      const turn = (Atomics.load(words, sequence) + slot) & Position
      if (turn === tail) {
        if (this.room(tail) <= 0) return Full
        const next = (tail + 1) & Position
        if (Atomics.compareExchange(words, Tail, tail, next) !== tail) continue
        this.codec.write(this.#memory, 4 * sequence + 8, encoded)
        Atomics.store(words, sequence, next - slot)
        return tail
      }
      // A lap behind: full. Ahead: another send was quicker.
      if (((tail - turn) & Position) < Position >>> 1) return Full
    }
  }

  /** A value, Ended or NotReady. */
  receive(): unknown {
    const raw = this.claimAndRead()
    if (raw !== NotReady && raw !== Ended) this.senders.tellOne()
    return raw
  }

  claimAndRead(): unknown {
    const { words } = this
    for (;;) {
      const head = Atomics.load(words, Head)
      const slot = head & this.#mask
      const sequence = this.#first + slot * this.#stride
      const turn = (Atomics.load(words, sequence) + slot) & Position
      const next = (head + 1) & Position
      if (turn === next) {
        if (Atomics.compareExchange(words, Head, head, next) !== head) continue
        const value = this.codec.read(this.#memory, 4 * sequence + 8)
        Atomics.store(words, sequence, ((head + this.layout.slots) & Position) - slot)
        return value
      }
      if (((next - turn) & Position) < Position >>> 1) {
        // Nothing there yet: the end, if nothing can come any more.
        const tail = Atomics.load(words, Tail)
        return tail < 0 && (tail & Position) === Atomics.load(words, Head) ? Ended : NotReady
      }
    }
  }

  /** Sends as many of them as there is room for, from `from` on, in one claim; answers how many. */
  sendMany(encoded: ReadonlyArray<unknown>, from: number, values: ReadonlyArray<unknown>): number {
    const { words } = this
    for (;;) {
      const tail = Atomics.load(words, Tail)
      if (tail < 0) throw sendOnClosed(values[from])
      const count = this.countTurns(tail, Math.min(this.room(tail), encoded.length - from), 0)
      if (count <= 0) return 0
      if (Atomics.compareExchange(words, Tail, tail, (tail + count) & Position) !== tail) continue
      // The first last, and atomically: whoever comes to a later one has come by it.
      for (let i = count - 1; i >= 0; i--) {
        const position = (tail + i) & Position
        const slot = position & this.#mask
        const sequence = this.#first + slot * this.#stride
        this.codec.write(this.#memory, 4 * sequence + 8, encoded[from + i])
        const turn = ((position + 1) & Position) - slot
        if (i > 0) words[sequence] = turn
        else Atomics.store(words, sequence, turn)
      }
      this.receivers.tellOne()
      return count
    }
  }

  /** Receives up to `most` values in one claim, into `values`; answers NotReady, Ended, or how many. */
  receiveMany(values: Array<T>, most: number): number | typeof NotReady | typeof Ended {
    const { words } = this
    for (;;) {
      const head = Atomics.load(words, Head)
      const count = this.countTurns(head, Math.min(most, this.layout.slots), 1)
      if (count === 0) {
        const raw = this.claimAndRead()
        if (raw === NotReady || raw === Ended) return raw
        values.push(raw as T)
        this.senders.tellOne()
        return 1
      }
      if (Atomics.compareExchange(words, Head, head, (head + count) & Position) !== head) continue
      const begin = values.length
      for (let i = 0; i < count; i++) {
        const slot = (head + i) & this.#mask
        values.push(this.codec.read(this.#memory, 4 * (this.#first + slot * this.#stride) + 8))
      }
      for (let i = count - 1; i >= 0; i--) {
        const position = (head + i) & Position
        const slot = position & this.#mask
        const turn = ((position + this.layout.slots) & Position) - slot
        if (i > 0) words[this.#first + slot * this.#stride] = turn
        else Atomics.store(words, this.#first + slot * this.#stride, turn)
      }
      this.senders.tellOne()
      return values.length - begin
    }
  }

  /**
   * How many values may be sent at `tail`. By the HEAD last seen, which only grows: looking anew takes its cache line away from those who
   * receive, so that is done only where it seems full.
   */
  private room(tail: number): number {
    const { capacity, slots } = this.layout
    // An offer takes no room but its slot.
    if (capacity === 0) return 1
    // Then a slot whose turn has come is room.
    if (capacity === slots) return capacity
    const room = capacity - ((tail - this.#seenHead) & Position)
    if (room > 0) return room
    this.#seenHead = Atomics.load(this.words, Head)
    return capacity - ((tail - this.#seenHead) & Position)
  }

  /** How many slots in a row from `position` on, up to `most`, have the turn of their position plus `ahead`. */
  private countTurns(position: number, most: number, ahead: number): number {
    for (let i = 0; i < most; i++) {
      const slot = (position + i) & this.#mask
      const turn = (Atomics.load(this.words, this.#first + slot * this.#stride) + slot) & Position
      if (turn !== ((position + i + ahead) & Position)) return i
    }
    return most
  }

  close(): void {
    const { words } = this
    for (let tail = Atomics.load(words, Tail); ;) {
      if (tail < 0) throw closeOfClosed()
      const found = Atomics.compareExchange(words, Tail, tail, tail | Closed)
      if (found === tail) break
      tail = found
    }
    this.receivers.tellAll()
    this.senders.tellAll()
  }

  get length(): number {
    const head = Atomics.load(this.words, Head)
    return Math.min(this.layout.capacity, (Atomics.load(this.words, Tail) - head) & Position)
  }

  get closed(): boolean {
    return Atomics.load(this.words, Tail) < 0
  }

  isReceivable(): boolean {
    const tail = Atomics.load(this.words, Tail)
    return tail < 0 || tail !== Atomics.load(this.words, Head)
  }

  /** Who may have what there is to receive, of those who wait from `front` on. */
  receiverFrom(front: Waiter): Waiter | null {
    return this.isReceivable() ? front : null
  }

  /** Whether nobody of this thread waits in front who could receive. */
  mayPoll(): boolean {
    const { head } = this.receivers.waiters
    return head === null || this.receiverFrom(head) === null
  }

  isSendable(): boolean {
    const tail = Atomics.load(this.words, Tail)
    return tail < 0 || ((tail - Atomics.load(this.words, Head)) & Position) < this.layout.capacity
  }
}

/** Those of this thread who wait to receive, or to send. */
export abstract class Lot extends WaitWord {
  protected readonly ring: SharedRing<unknown>

  constructor(words: Int32Array, word: number, ring: SharedRing<unknown>) {
    super(words, word)
    this.ring = ring
  }

  /** There is something for one who waits. */
  abstract tellOne(): void

  /** Wakes so many other threads that wait. */
  protected tellThreads(count: number): void {
    for (let event = Atomics.load(this.words, this.word); (event & Waiting) !== 0;) {
      const found = Atomics.compareExchange(this.words, this.word, event, (event + 2) & ~Waiting)
      if (found === event) {
        Atomics.notify(this.words, this.word, count)
        return
      }
      event = found
    }
  }

  tellAll(): void {
    Atomics.add(this.words, this.word, 2)
    Atomics.notify(this.words, this.word, Infinity)
    if (this.waiters.head !== null) this.attend(false)
  }

  protected setWaiting(): number {
    for (;;) {
      const event = Atomics.load(this.words, this.word)
      const seen = event | Waiting
      if (seen === event || Atomics.compareExchange(this.words, this.word, event, seen) === event) return seen
    }
  }
}

/** How often a thread with nothing else to do looks before it waits: some microseconds at most, few once that was in vain. */
const mostLooks = 1000
const leastLooks = 8
/** After so many times in vain it looks for longer again. */
const patience = 64

/** Those who are served one after the other, each as soon as there is something for him. */
abstract class QueueLot extends Lot {
  #looks = mostLooks
  #patience = patience

  /** Serves the front waiter if that is possible now. */
  protected abstract serveFront(front: Waiter): boolean

  /** Whether a waiter, of any thread, could be served, by a look. */
  protected abstract looksReady(): boolean

  override park(waiter: Waiter): void {
    if (waiter.processor.scheduler.length === 0) this.lookAround()
    super.park(waiter)
  }

  /** Looks whether another thread is about to let a waiter go on: being woken takes far longer. */
  private lookAround(): void {
    for (let left = this.#looks; left > 0; left--)
      if (this.looksReady()) {
        this.#looks = mostLooks
        return
      }
    this.#looks = this.#looks > leastLooks ? this.#looks >> 1 : --this.#patience > 0 ? leastLooks : mostLooks
    if (this.#looks === mostLooks) this.#patience = patience
  }

  override tellOne(): void {
    if (this.waiters.head !== null) this.attend(false)
    this.tellThreads(1)
  }

  protected override serve(): number {
    const seen = this.setWaiting()
    // Looked at with WAITING set: whoever changes it from here on tells.
    for (let front = this.waiters.head; front !== null; front = this.waiters.head)
      if (!this.serveFront(front)) return seen
    if (this.looksReady()) Atomics.notify(this.words, this.word, 1)
    return seen
  }

  /** Its select is over, so its own withdrawal comes too. */
  protected leaveOut(front: Waiter): boolean {
    this.withdraw(front)
    return true
  }

  /** There was nothing after all. */
  protected keep(front: Waiter): boolean {
    front.waitsOn()
    return false
  }

  /** Other threads may wait: let them be told of the next, and of what there is. */
  protected override passOn(): void {
    this.setWaiting()
    if (this.looksReady()) Atomics.notify(this.words, this.word, 1)
  }
}

class ReceiverLot extends QueueLot {
  protected override serveFront(front: Waiter): boolean {
    const waiter = this.ring.receiverFrom(front)
    if (waiter === null) return false
    if (!waiter.mayCommit()) return this.leaveOut(waiter)
    const raw = this.ring.claimAndRead()
    if (raw === NotReady) return this.keep(waiter)
    this.waiters.remove(waiter)
    this.grant(waiter, raw)
    if (raw !== Ended) this.ring.senders.tellOne()
    return true
  }
  protected override looksReady(): boolean {
    return this.ring.isReceivable()
  }
}

/** The slot of one who waits to send. */
export interface Sending {
  readonly encoded: unknown
  readonly value: unknown
}

class SenderLot extends QueueLot {
  protected override serveFront(front: Waiter): boolean {
    const { encoded, value } = front.slot as Sending
    if (this.ring.closed) {
      this.waiters.shift()
      this.refuse(front, sendOnClosed(value))
      return true
    }
    if (!this.ring.isSendable()) return false
    if (!front.mayCommit()) return this.leaveOut(front)
    const position = this.ring.claimAndWrite(encoded)
    // Shut meanwhile, it is looked at again.
    if (position === Full) return this.keep(front)
    if (position === Shut) return true
    this.waiters.shift()
    this.grant(front, undefined)
    this.ring.receivers.tellOne()
    return true
  }
  protected override looksReady(): boolean {
    return this.ring.isSendable()
  }
}
