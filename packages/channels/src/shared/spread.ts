/**
 * Spread: values of variable size in one ring of bytes, each over as many places in a row as it needs.
 *
 * A value's places are claimed by one compare-and-swap of TAIL, or HEAD, as a batch's are (see shared-ring.ts), and RUN says how many there are.
 * The first place begins with an Int32, how many bytes the value has; these fill the rest of the place, and then the next ones.
 *
 * Invariants, beside those of the ring:
 *   1. HEAD and TAIL stand at the first places of values: nobody claims a part of one. But what a thread that has ended has not written to its end is
 *      passed over place by place.
 *   2. A value that is sent has at most as many places as the channel: so it has room at some time.
 *
 * Rejected: records of bytes, one after the other, without places. Their ends come back in another order than they were taken in, so each
 * would need a mark of its own, and that is what SEQUENCE is.
 */
import { NotReady, type Waiter } from "@weft/core"
import { check, InvalidCapacity } from "../chan.ts"
import { Ended } from "../receive.ts"
import { checkCodec, type Codec, type SizedCodec, type SpreadCodec, ValueDoesNotFit } from "./codec.ts"
import { abandoned, Closed, Head, Inner, type Layout, Position, Run, slotHeader, Tail } from "./ring-layout.ts"
import { type Lot, SenderLot } from "./ring-lots.ts"
import { SharedRing } from "./shared-ring.ts"

/** Bytes of the length before the bytes. */
const lengthBytes = 4

/**
 * The values of `codec` in a ring of bytes, which they share: a value takes as many places of `place` bytes as it needs, where otherwise every
 * value has room for the largest. For values that are small as a rule, and now and then large.
 *
 * Laws: those of a shared channel, where its capacity, and `length`, count places
 * - A value takes one place for each `place` bytes of it and of the 4 that say its size.
 * - One that needs more places than the channel has is refused at the call of `send` ({@link ValueDoesNotFit}), and nothing is written.
 * - A large value waits until so many places are free at once. Senders of its own thread wait behind it; those of others may come first, and
 *   while they fill what becomes free it waits.
 *
 * Errors: `InvalidCapacity` unless `place` is a whole number from 1 on, which is rounded up to a multiple of 8, or where the channel's capacity is 0.
 *
 * Memory: that of a shared channel with slots of `place` bytes; word by word in ring-layout.ts and spread.ts.
 *
 * @example
 * // 64 KiB of text, in lines of up to 20,000 bytes.
 * const lines = sharedChan(spread(codec.utf8(20_000), 64), 1024)
 * yield* lines.send("short")
 * yield* lines.send("long".repeat(2_000))
 * console.log(lines.length)
 *
 * @since 0.2.0
 */
export function spread<T>(codec: SizedCodec<T>, place: number): SpreadCodec<T> {
  checkCodec("spread: codec", codec)
  if (typeof codec.max !== "number")
    throw new TypeError(
      `channels: spread: codec ${codec.name} is of one size; pass one with a max, such as codec.utf8(100)`,
    )
  check(place, 1, "spread: place", 2 ** 30)
  const rounded = (place + 7) & ~7
  return {
    ...codec,
    name: `spread(${codec.name},${rounded})`,
    spread: { place: rounded, checkCapacity, Ring: SpreadRing },
  }
}

function checkCapacity(places: number): void {
  if (places === 0)
    throw new InvalidCapacity("makechan: size", 0, "values are spread over places, so pass how many there are")
}

class SpreadRing<T> extends SharedRing<T> {
  readonly #place: number

  constructor(codec: Codec<T>, layout: Layout, words: Int32Array<SharedArrayBuffer>) {
    super(codec, layout, words)
    this.#place = 4 * layout.stride - slotHeader
  }

  protected override senderLot(words: Int32Array, word: number): Lot {
    return new SpreadSenderLot(words, word, this)
  }

  override encode(value: T): unknown {
    const { codec, layout } = this
    const bytes = codec.encode(value) as Uint8Array
    if (this.placesOf(bytes) > layout.capacity)
      throw new ValueDoesNotFit(
        codec.name,
        value,
        `at most ${layout.capacity * this.#place - lengthBytes} bytes in ${layout.capacity} places, and these are ${bytes.byteLength}`,
      )
    return bytes
  }

  private placesOf({ byteLength }: Uint8Array): number {
    return Math.ceil((lengthBytes + byteLength) / this.#place)
  }

  override claimAndWrite(encoded: unknown): number {
    const bytes = encoded as Uint8Array
    const places = this.placesOf(bytes)
    const count = this.claimPlaces(places, places)
    if (count < 0) return count
    const position = (this.seenTail - count) & Position
    const { i32, u8 } = this.memory
    i32[this.sequenceOf(position) + 2] = bytes.byteLength
    this.eachPart(position, bytes.byteLength, (at, from, to) => u8.set(bytes.subarray(from, to), at))
    this.passTurns(position, count, 1, true)
    return position
  }

  override claimAndRead(): unknown {
    const { words } = this
    for (let head = this.seenHead; ;) {
      const sequence = this.sequenceOf(head)
      const turn = this.turnOf(head, sequence)
      const isWritten = turn === ((head + 1) & Position)
      const run = words[sequence + Run]!
      let found: number
      // A value whose first place was abandoned is passed over to its end.
      if (turn === abandoned(head) || (isWritten && run === Inner)) {
        this.passOver(head)
        found = (head + 1) & Position
      } else if (isWritten) {
        const count = 1 + run
        const next = (head + count) & Position
        found = this.claim(Head, head, next, -count)
        if (found === head) {
          this.seenHead = next
          const { i32, u8 } = this.memory
          const bytes = new Uint8Array(i32[sequence + 2]!)
          this.eachPart(head, bytes.byteLength, (at, from, to) => bytes.set(u8.subarray(at, at + to - from), from))
          this.passTurns(head, count, this.layout.slots)
          return bytes
        }
      } else {
        found = Atomics.load(words, Head)
        if (found === head) return Atomics.load(words, Tail) === (head | Closed) ? Ended : NotReady
      }
      this.seenHead = head = found
    }
  }

  /** Where each part of a value of `length` bytes lies: `from` to `to` of it from byte `at` on. */
  private eachPart(first: number, length: number, f: (at: number, from: number, to: number) => void): void {
    let [from, skipped] = [0, lengthBytes]
    for (let position = first; from < length; position++) {
      const to = Math.min(length, from + this.#place - skipped)
      f(4 * this.sequenceOf(position) + slotHeader + skipped, from, to)
      from = to
      skipped = 0
    }
  }

  override sendMany(encoded: ReadonlyArray<unknown>, from: number, values: ReadonlyArray<unknown>): number {
    let sent = from
    while (sent < encoded.length && this.send(encoded[sent], values[sent])) sent++
    return sent - from
  }

  protected override readMany(most: number): Array<unknown> | typeof NotReady | typeof Ended {
    return this.readEach(most)
  }
}

/** Those of this thread who wait to send: who needs less room than another may go on where that one can't. */
class SpreadSenderLot extends SenderLot {
  /** All threads: the one that is woken first may have a value that is too large as yet. */
  override tellOthers(): void {
    this.tellThreads(Atomics.load(this.words, this.word), Infinity)
  }

  override withdraw(waiter: Waiter): void {
    const wasFront = this.waiters.head === waiter
    super.withdraw(waiter)
    if (wasFront && this.waiters.head !== null) this.attend(false)
  }
}
