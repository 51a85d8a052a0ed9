/**
 * SharedRing: the bounded queue in shared memory under a shared channel. Its memory: ring-layout.ts.
 *
 * A send claims a position by compare-and-swap of TAIL, writes its value and then its slot's SEQUENCE; a receive claims one by
 * compare-and-swap of HEAD, reads, hands the slot on, and only then makes a value of what it has read, where that is more than to copy it: a
 * schema may run code of the user's, and be slow. Nothing is locked: threads meet in HEAD and TAIL only. A thread begins where it
 * last saw HEAD or TAIL, which the compare-and-swap corrects, and looks anew only before it says that there is nothing: each look costs a
 * call, and takes the other side's cache line away.
 *
 * Invariants:
 *   1. A slot is written by the one send, and read by the one receive, whose turn it is by its SEQUENCE.
 *   2. At most `capacity` values are buffered: HEAD only grows, so a send that saw room has it.
 *   3. A slot whose turn has come, and whose RUN is n, is followed by n others whose turn has come as well, written by the same claim before it.
 *   4. Once CLOSED is set no send claims a position, and the end is seen only at HEAD = TAIL: every send that came before is received.
 *
 * Waiting: ring-lots.ts.
 *
 * A batch is claimed at once, and then made values one by one. Where that fails with some of them before, those are given, and the rest is kept as it
 * was read, in this thread: it is received before anything else, so that the next receive fails.
 *
 * A thread that is terminated between its claim and its SEQUENCE, while it copies a value, leaves a slot that nobody can pass until it is mended:
 * claims.ts.
 */
import { made, NotReady, type Waiter } from "@weft/core"
import { closeOfClosed, sendOnClosed } from "../closed.ts"
import { Ended } from "../receive.ts"
import { Claims } from "./claims.ts"
import type { Codec, SlotMemory } from "./codec.ts"
import {
  abandoned,
  Closed,
  Full,
  Head,
  Inner,
  type Layout,
  LineCount,
  memoryOf,
  Position,
  Receivers,
  Run,
  Senders,
  sequenceWord,
  Shut,
  slotHeader,
  Tail,
} from "./ring-layout.ts"
import { type Lot, ReceiverLot, SenderLot } from "./ring-lots.ts"

/** For so many values, or a quarter of what is buffered, a full channel lets who sends look before he goes on. */
const mostRoom = 64

/** The ring itself, as one thread sees it. */
export class SharedRing<T> {
  readonly words: Int32Array<SharedArrayBuffer>
  readonly codec: Codec<T>
  readonly layout: Layout
  readonly receivers: Lot
  readonly senders: Lot
  readonly claims: Claims
  protected readonly memory: SlotMemory
  readonly #mask: number
  readonly #stride: number
  readonly #first: number
  /** What is read is not yet a value: see {@link opened}. */
  private readonly opens: boolean
  /** What was read with others, and not made values of: the next one last. */
  protected kept: Array<unknown> = []
  /** HEAD and TAIL, without CLOSED, as this thread has last seen them, atomically: so it has seen all that came before. */
  protected seenHead = 0
  protected seenTail = 0
  /** Where this thread writes what it claims; 0 until it does. */
  private line = 0
  /** A slot has been freed without a value, and nobody was told. */
  protected hasFreed = false

  constructor(codec: Codec<T>, layout: Layout, words: Int32Array<SharedArrayBuffer>) {
    this.codec = codec
    this.layout = layout
    this.words = words
    this.receivers = new ReceiverLot(words, Receivers, this)
    this.senders = this.senderLot(words, Senders)
    this.claims = new Claims(words, layout)
    this.memory = memoryOf(words)
    this.#mask = layout.slots - 1
    this.#stride = layout.stride
    this.#first = sequenceWord(layout, 0)
    this.opens = codec.open !== undefined
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

  protected rawAt(sequence: number): unknown {
    return this.codec.read(this.memory, 4 * sequence + slotHeader)
  }

  /** What a send of it writes. Throws `ValueDoesNotFit`. */
  encode(value: T): unknown {
    return this.codec.encode(value)
  }

  /** Sends what was encoded: answers true, or false while it is full. Panics once closed. */
  send(encoded: unknown, value: unknown): boolean {
    const position = this.claimAndWrite(encoded)
    if (position === Shut) throw sendOnClosed(value)
    if (position === Full) return false
    this.receivers.tellOne()
    return true
  }

  /** As `send`, but not before those of this thread who wait to send: there may be room of which they have not heard yet. */
  trySend(encoded: unknown, value: unknown): boolean {
    return this.senders.goOn() && this.send(encoded, value)
  }

  /** The position that it was written to, {@link Full} or {@link Shut}. */
  claimAndWrite(encoded: unknown): number {
    const { words } = this
    for (let tail = this.seenTail; ;) {
      const slot = tail & this.#mask
      const sequence = this.#first + slot * this.#stride
      let found: number
      if (((Atomics.load(words, sequence) + slot) & Position) === tail && this.room(tail, 1) > 0) {
        const next = (tail + 1) & Position
        found = this.claim(Tail, tail, next, 1)
        if (found === tail) {
          this.seenTail = next
          this.codec.write(this.memory, 4 * sequence + slotHeader, encoded)
          words[sequence + Run] = 0
          Atomics.store(words, sequence, next - slot)
          return tail
        }
      } else {
        found = Atomics.load(words, Tail)
        // Nobody was quicker: it was full.
        if (found === tail) return Full
      }
      if (found < 0) return Shut
      this.seenTail = tail = found
    }
  }

  /** A value, Ended or NotReady. What the codec throws, as it can't make the value, has taken that. */
  receive(): unknown {
    return this.opened(this.readOne())
  }

  private readOne(): unknown {
    let raw: unknown
    try {
      return (raw = this.nextRaw())
    } finally {
      // Also where it could not be read: its slot is free.
      if (this.takeFreed() || (raw !== NotReady && raw !== Ended)) this.senders.tellOne()
    }
  }

  /** Whether senders are to be told though nothing was read. */
  takeFreed(): boolean {
    const has = this.hasFreed
    this.hasFreed = false
    return has
  }

  /** What is received next, to be opened: nobody has been told. */
  nextRaw(): unknown {
    return this.kept.length > 0 ? this.kept.pop() : this.claimAndRead()
  }

  /** What was read for one who can't take it. */
  keepRead(raw: unknown): void {
    if (raw !== Ended) this.kept.push(raw)
  }

  /** What a receive gives that has read `raw`: its slot is another's by now. */
  opened(raw: unknown): unknown {
    return !this.opens || raw === NotReady || raw === Ended ? raw : this.codec.open!(raw)
  }

  /** As `receive`, but tells nobody, and leaves what it has read to be opened. */
  claimAndRead(): unknown {
    const { words } = this
    for (let head = this.seenHead; ;) {
      const slot = head & this.#mask
      const sequence = this.#first + slot * this.#stride
      const next = (head + 1) & Position
      const turn = (Atomics.load(words, sequence) + slot) & Position
      let found: number
      if (turn === next) {
        found = this.claim(Head, head, next, -1)
        if (found === head) {
          this.seenHead = next
          try {
            return this.codec.read(this.memory, 4 * sequence + slotHeader)
          } finally {
            words[sequence + Run] = 0
            Atomics.store(words, sequence, ((head + this.layout.slots) & Position) - slot)
          }
        }
      } else if (turn === abandoned(head)) {
        this.passOver(head)
        found = next
      } else {
        found = Atomics.load(words, Head)
        // Nobody was quicker: nothing was there. The end, if nothing can come any more.
        if (found === head) return Atomics.load(words, Tail) === (head | Closed) ? Ended : NotReady
      }
      this.seenHead = head = found
    }
  }

  /** Frees the slot of one who has ended in the middle of his send, unless another thread is beyond it. */
  protected passOver(head: number): void {
    if (this.claim(Head, head, (head + 1) & Position, -1) !== head) return
    this.passTurns(head, 1, this.layout.slots)
    this.hasFreed = true
  }

  /**
   * Claims the positions from `from` to `next` by HEAD or TAIL, `count` of them: below 0 to receive. Answers what was found there: `from` where they
   * are this thread's. It says so in its line before, and takes that back where another one was quicker: see claims.ts.
   */
  protected claim(word: number, from: number, next: number, count: number): number {
    const { words } = this
    const line = this.line === 0 ? this.enlist() : this.line
    words[line] = from
    words[line + LineCount] = count
    const found = Atomics.compareExchange(words, word, from, next)
    if (found !== from) words[line + LineCount] = 0
    return found
  }

  private enlist(): number {
    return (this.line = this.claims.enlist())
  }

  /** Sends as many of them as there is room for, from `from` on, in one claim; answers how many. */
  sendMany(encoded: ReadonlyArray<unknown>, from: number, values: ReadonlyArray<unknown>): number {
    const count = this.claimPlaces(1, encoded.length - from)
    if (count === Shut) throw sendOnClosed(values[from])
    if (count === Full) return 0
    const position = this.seenTail - count
    for (let i = 0; i < count; i++)
      this.codec.write(this.memory, 4 * this.sequenceOf(position + i) + slotHeader, encoded[from + i])
    this.passTurns(position, count, 1)
    this.receivers.tellOne()
    return count
  }

  /** Claims from `least` to `most` positions for sends, those up to `seenTail`: answers how many, {@link Full} or {@link Shut}. */
  protected claimPlaces(least: number, most: number): number {
    const { words } = this
    for (let tail = this.seenTail; ;) {
      const count = this.countTurns(tail, Math.min(this.room(tail, least), most), 0)
      let found: number
      if (count < least) {
        found = Atomics.load(words, Tail)
        if (found === tail) return Full
      } else {
        const next = (tail + count) & Position
        found = this.claim(Tail, tail, next, count)
        if (found === tail) {
          this.seenTail = next
          return count
        }
      }
      if (found < 0) return Shut
      this.seenTail = tail = found
    }
  }

  /** Receives up to `most` values, or answers NotReady or Ended. What the codec throws of the first has taken that one. */
  receiveMany(most: number): Array<T> | typeof NotReady | typeof Ended {
    const raws = this.readMany(most)
    if (!Array.isArray(raws)) return raws
    const values = this.openedOf(raws)
    const isBad = values.length === 0
    const bad = isBad ? this.kept.pop() : undefined
    this.giveKept()
    return isBad ? [this.opened(bad) as T] : values
  }

  /** Up to `most` values for one who has one already, and so fails by none of them. */
  receiveMore(most: number): Array<T> {
    const raws = this.readMany(most)
    if (!Array.isArray(raws)) return []
    const values = this.openedOf(raws)
    this.giveKept()
    return values
  }

  /** Those before the first that can't be opened; that one and the rest are kept. */
  private openedOf(raws: Array<unknown>): Array<T> {
    for (let i = 0; this.opens && i < raws.length; i++)
      try {
        raws[i] = this.codec.open!(raws[i])
      } catch {
        // Told to whoever receives it next, who opens it again.
        this.kept = [...this.kept, ...raws.splice(i).reverse()]
      }
    return raws as Array<T>
  }

  /** Others of this thread may wait, and nobody else would tell them of what was kept. */
  private giveKept(): void {
    if (this.kept.length > 0) this.receivers.goOn()
  }

  /** Up to `most` raw values in one claim, NotReady or Ended. */
  protected readMany(most: number): Array<unknown> | typeof NotReady | typeof Ended {
    if (this.kept.length > 0) return this.readEach(most)
    for (let head = this.seenHead; ;) {
      const count = this.countTurns(head, Math.min(most, this.layout.slots), 1)
      if (count === 0) return this.readEach(1)
      const found = this.claim(Head, head, (head + count) & Position, -count)
      if (found !== head) {
        this.seenHead = head = found
        continue
      }
      this.seenHead = (head + count) & Position
      // As long as it will be: by `push` it would be made anew as it grows.
      const raws = new Array<unknown>(count)
      try {
        for (let i = 0; i < count; i++)
          raws[i] = this.codec.read(this.memory, 4 * this.sequenceOf(head + i) + slotHeader)
      } finally {
        this.passTurns(head, count, this.layout.slots)
        this.senders.tellOne()
      }
      return raws
    }
  }

  /** The same, one after the other. */
  protected readEach(most: number): Array<unknown> | typeof NotReady | typeof Ended {
    const raws: Array<unknown> = []
    while (raws.length < most) {
      let raw: unknown
      try {
        raw = this.readOne()
      } catch (error) {
        this.kept.push(...raws.reverse())
        throw error
      }
      if (raw === NotReady || raw === Ended) return raws.length > 0 ? raws : raw
      raws.push(raw)
    }
    return raws
  }

  /**
   * How many values may be sent at `tail`. By the HEAD last seen, which only grows: looking anew takes its cache line away from those who
   * receive, so that is done only where there seem to be less than `least`.
   */
  private room(tail: number, least: number): number {
    const { capacity, slots } = this.layout
    // An offer takes no room but its slot.
    if (capacity === 0) return 1
    // Then a slot whose turn has come is room.
    if (capacity === slots) return capacity
    const room = capacity - ((tail - this.seenHead) & Position)
    if (room >= least) return room
    this.seenHead = Atomics.load(this.words, Head)
    return capacity - ((tail - this.seenHead) & Position)
  }

  /** How many slots in a row from `position` on, up to `most`, have the turn of their position plus `ahead`. */
  private countTurns(position: number, most: number, ahead: number): number {
    let count = 0
    while (count < most) {
      const slot = (position + count) & this.#mask
      const sequence = this.#first + slot * this.#stride
      const turn = (Atomics.load(this.words, sequence) + slot) & Position
      if (turn !== ((position + count + ahead) & Position)) return count
      // Another one may be writing Inner just now.
      count += 1 + Math.max(0, this.words[sequence + Run]!)
    }
    return Math.min(count, most)
  }

  /** Gives the slots of a claim the turn of their position plus `ahead`. */
  protected passTurns(position: number, count: number, ahead: number, isOneValue = false): void {
    const { words } = this
    for (let i = count - 1; ; i--) {
      const slot = (position + i) & this.#mask
      const sequence = this.#first + slot * this.#stride
      const turn = ((position + i + ahead) & Position) - slot
      words[sequence + Run] = isOneValue && i > 0 ? Inner : count - 1 - i
      if (i > 0) words[sequence] = turn
      else {
        // Last, and atomically: whoever comes to a later one has come by it.
        Atomics.store(words, sequence, turn)
        return
      }
    }
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
    return this.kept.length + Math.min(this.layout.capacity, (Atomics.load(this.words, Tail) - head) & Position)
  }

  get closed(): boolean {
    return Atomics.load(this.words, Tail) < 0
  }

  /** Whether something lies where this thread would receive next; or another thread has been there. */
  seemsReceivable(): boolean {
    const head = this.seenHead
    return this.turnOf(head, this.sequenceOf(head)) !== head
  }

  /** Whether there is room for some more: with room for one only, who sends would wait again at once. */
  seemsSendable(): boolean {
    const { capacity } = this.layout
    const taken = (this.seenTail - capacity + Math.min(capacity >> 2, mostRoom)) & Position
    return this.turnOf(taken, this.sequenceOf(taken)) !== ((taken + 1) & Position)
  }

  isReceivable(): boolean {
    if (this.kept.length > 0) return true
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
