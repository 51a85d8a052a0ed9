import {
  accessed,
  checkSharedPlace,
  currentProcessor,
  describe,
  InvalidSharedPlace,
  NotReady,
  Op,
  type OpIterator,
  Panic,
  Phase,
  sharedWords,
  sharesMemory,
  startIdleTimeout,
  type Waiter,
} from "@weft/core"
import { check, InvalidCapacity } from "../chan.ts"
import type { Sender } from "../channel.ts"
import { Ended } from "../receive.ts"
import { Receiver } from "../receiver.ts"
import { Claims } from "./claims.ts"
import { checkCodec, type Codec } from "./codec.ts"
import {
  Capacity,
  CodecHash,
  hashOf,
  type Layout,
  layoutOf,
  Receivers,
  Senders,
  slotHeader,
  Stride,
  Unbuffered,
  valueByte,
} from "./ring-layout.ts"
import type { Sending } from "./ring-lots.ts"
import { SharedRendezvous } from "./shared-rendezvous.ts"
import { SharedRing } from "./shared-ring.ts"

const kind = { name: "SharedChannel", number: 16, version: 3 }

/**
 * A channel in shared memory: any goroutine of any thread sends and receives.
 *
 * Laws: those of `Channel`, on all threads together
 * - A value reaches exactly one receiver. Values of one sender arrive in the order in which it sent them.
 * - The k-th receive comes before the end of the (k + capacity)-th send. So at capacity 0 a send ends when its value has been taken.
 * - At capacity 0 `trySend` tries only while a receiver waits in this thread. A select may have one send to a channel of capacity 0
 *   ({@link SeveralOffers}), and a send that is interrupted may have been received at that moment.
 * - Waiting receivers, and senders, are served in order within a thread, but not among threads.
 * - What is sent is a copy: the codec's.
 * - What a thread was about to send or had just received when it was terminated is gone with it; `threadDied` lets the others go on. So is what a
 *   `receiveUpTo` has taken with a value that can't be made, and this object has not given yet.
 *
 * Memory: 2,432 bytes and, for each of a power of two of slots, 2 at least, 8 bytes and those of the codec; word by word in ring-layout.ts.
 *
 * Errors: `ChannelClosed`; {@link ValueDoesNotFit}, at the call of `send`; `SharedLayoutMismatch`, {@link SharedChannelMismatch} where a thread
 * attaches it by another codec, `InvalidSharedPlace` where no channel can lie. What the codec throws, as it can't read a value, fails the receive that has taken it; the channel goes on. A
 * `receiveUpTo` gives those before it; it and those behind it, which that has taken too, are what this object's next receives get, and no other thread.
 *
 * @see Go: chan T
 * @since 0.2.0
 */
export class SharedChannel<in out T> extends Receiver<T> implements Sender<T> {
  /** @internal */
  readonly ring: SharedRing<T>

  /** By {@link sharedChan}, or `from`. */
  constructor(
    codec: Codec<T>,
    capacity: number,
    place?: { readonly buffer: SharedArrayBuffer; readonly offset: number },
  ) {
    super()
    // All that can be refused, before anything is written: what is refused must leave the memory to others.
    checkCodec("sharedChan: codec", codec)
    check(capacity, 0)
    codec.spread?.checkCapacity(capacity)
    const layout = layoutOf(capacity, codec.spread?.place ?? codec.bytes)
    if (4 * layout.words > mostBytes) throw tooLarge(layout, `${mostBytes} is the most`)
    const hash = hashOf(codec.name)
    const words = wordsOf(codec.name, layout, place)
    if (
      !becomes(words, Capacity, capacity === 0 ? Unbuffered : capacity) ||
      !becomes(words, CodecHash, hash) ||
      !becomes(words, Stride, layout.stride)
    )
      throw new SharedChannelMismatch(codec.name, capacity)
    const Ring = codec.spread?.Ring ?? (capacity === 0 ? SharedRendezvous : SharedRing)
    this.ring = new Ring(codec, layout, words)
  }

  /** The name of its codec, which says how its values lie in memory. */
  get codecName(): string {
    return this.ring.codec.name
  }

  /** What a message can carry to another thread, where `sharedChan.from(codec, handle)` makes the channel of it. */
  share(): SharedChannelHandle<T> {
    const { layout, words } = this.ring
    sharesMemory(words.buffer)
    return { weft: "SharedChannel", buffer: words.buffer, offset: words.byteOffset, capacity: layout.capacity }
  }

  send(value: T): Op<void> {
    return new SharedSend<T>(this.ring, value)
  }

  trySend(value: T): boolean {
    accessed(this.ring)
    return this.ring.trySend(this.ring.encode(value), value)
  }

  /**
   * Sends all of them, in order, as many at a time as there is room for. One that is cancelled has sent those before.
   *
   * No op: `yield*` it. A select refuses it, as it may have sent some of them when another case happens; `go` takes a function that gives it.
   *
   * @example
   * const sender = go(() => results.sendAll([1, 2, 3]))
   */
  sendAll(values: ReadonlyArray<T>): Generator<Op<void>, void, unknown> {
    // At the call: a generator's own first step may be far from it.
    if (typeof (values as Partial<ReadonlyArray<T>> | undefined)?.map !== "function")
      throw new TypeError(`channels: sendAll of ${describe(values)}; pass an array, as in sendAll([...values])`)
    return this.sendEach(values)
  }

  private *sendEach(values: ReadonlyArray<T>): Generator<Op<void>, void, unknown> {
    const { ring } = this
    const encoded = values.map((value) => ring.encode(value))
    for (let sent = 0; sent < values.length;) {
      // Behind those of this thread who wait to send, as by `send`.
      const count = ring.senders.waiters.head === null ? ring.sendMany(encoded, sent, values) : 0
      sent += count
      if (count === 0) yield* this.send(values[sent++]!)
    }
  }

  /** Receives what there is, at most `most` values, once there is one; none once closed and drained. */
  receiveUpTo(most: number): Op<Array<T>> {
    return new ReceiveUpTo<T>(this.ring, most)
  }

  close(): void {
    accessed(this.ring)
    this.ring.close()
  }

  /**
   * Says that a thread has ended, by its number: `worker.threadId + 1`, read before its end. What it was copying in or out is given up, at the
   * latest some milliseconds later, and all look again, as a wake-up may have gone to it. `@weft/workers` does for its own.
   *
   * Errors: `InvalidCapacity` for what is no thread's number.
   */
  threadDied(thread: number): void {
    check(thread, 1, "threadDied: thread")
    accessed(this.ring)
    mourn(this.ring.claims, thread, () => {
      this.ring.receivers.tellAll()
      this.ring.senders.tellAll()
    })
  }

  /** @internal Whom to tell that a thread has ended, of the channel that a handle names, for one who has not its codec. Throws where no channel can lie. */
  static mournersOf({ buffer, offset }: { readonly buffer: SharedArrayBuffer; readonly offset: number }): {
    threadDied(thread: number): void
  } {
    const header = new Int32Array(buffer, offset, Stride + 1)
    const [capacity, stride] = [Atomics.load(header, Capacity), Atomics.load(header, Stride)]
    const layout = layoutOf(Math.max(0, capacity), 4 * stride - slotHeader)
    const words = new Int32Array(buffer, offset, layout.words)
    const claims = new Claims(words, layout)
    return {
      threadDied(thread) {
        mourn(claims, thread, () => {
          for (const word of [Receivers, Senders]) {
            Atomics.add(words, word, 2)
            Atomics.notify(words, word)
          }
        })
      },
    }
  }

  get length(): number {
    return this.ring.length
  }
  get capacity(): number {
    return this.ring.layout.capacity
  }
  get closed(): boolean {
    return this.ring.closed
  }

  /** @internal */
  get receiveName(): string {
    return "chan receive"
  }
  /** @internal */
  get receiveDetail(): string {
    return detailOf(this.ring)
  }
  /** @internal */
  pollReceive(): unknown {
    return this.ring.mayPoll() ? this.ring.receive() : NotReady
  }
  /** @internal */
  enqueueReceiver(waiter: Waiter): void {
    this.ring.receivers.park(waiter)
  }
  /** @internal */
  dequeueReceiver(waiter: Waiter): void {
    this.ring.receivers.withdraw(waiter)
  }
}

/** False: another thread has written something else there. */
function becomes(words: Int32Array, word: number, value: number): boolean {
  const found = Atomics.compareExchange(words, word, 0, value)
  return found === 0 || found === value
}

/** Gives up what the thread has left half done, if need be some moments later, and tells each time. */
function mourn(claims: Claims, thread: number, tell: () => void): void {
  let look = claims.mourn(thread)
  let millis = 1
  const again = (): void => {
    look = claims.mend(look.left)
    if (look.hasGivenUp) tell()
    lookAgain()
  }
  const lookAgain = (): void => {
    if (look.isDone) return
    // Whoever waits keeps the process up.
    startIdleTimeout(again, millis)
    // Another one that claims it may have died as well, and nobody may say so.
    millis = Math.min(2 * millis, 1000)
  }
  tell()
  lookAgain()
}

/** A place that a channel of this codec is too large for was made for one of another. */
function wordsOf(
  codec: string,
  layout: Layout,
  place: { readonly buffer: SharedArrayBuffer; readonly offset: number } | undefined,
): Int32Array<SharedArrayBuffer> {
  try {
    // No buffer would be new memory to sharedWords, which nobody else has.
    if (place !== undefined) checkSharedPlace(kind.name, 4 * layout.words, 8, place.buffer, place.offset)
    return sharedWords(kind, layout.words, place?.buffer, place?.offset)
  } catch (error) {
    if (error instanceof InvalidSharedPlace && mayHold(layout, place!))
      throw new SharedChannelMismatch(codec, layout.capacity)
    // What a host says that has not so much memory.
    throw error instanceof RangeError ? tooLarge(layout, "the host has not so many") : error
  }
}

/** Whether a channel of another codec, or of fewer values, could lie there. */
function mayHold(layout: Layout, { buffer, offset }: { readonly buffer: SharedArrayBuffer; readonly offset: number }) {
  const isPlace = buffer instanceof SharedArrayBuffer && offset >= 0 && offset % 8 === 0
  return isPlace && offset + valueByte(layout, 0) <= buffer.byteLength
}

/** Of a channel's memory: codecs find their bytes by indices of 31 bits. */
const mostBytes = 2 ** 31

function tooLarge({ capacity, words }: Layout, why: string): InvalidCapacity {
  return new InvalidCapacity(
    "makechan: size",
    capacity,
    `it needs ${4 * words} bytes of shared memory, and ${why}: take a smaller one, or a smaller codec`,
  )
}

/**
 * A {@link SharedChannel} on its way to another thread. `T` is what it carries, so that a codec of something else is refused by the compiler;
 * one that doesn't say goes with every codec, and is checked when it is attached.
 *
 * @since 0.2.0
 */
// any: goes to and from all others, which a handle that a message brought must.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export interface SharedChannelHandle<in T = any> {
  readonly weft: "SharedChannel"
  readonly buffer: SharedArrayBuffer
  readonly offset: number
  readonly capacity: number
  /** Never there: a place for `T`. */
  readonly "~carries"?: (value: T) => void
}

class SharedSend<T> extends Op<void> {
  declare private readonly ring: SharedRing<T>
  declare private readonly sent: T
  declare private readonly encoded: unknown

  constructor(ring: SharedRing<T>, value: T) {
    super()
    this.ring = ring
    this.sent = value
    this.encoded = ring.encode(value)
  }

  // Op's own iteration, written out: see send.ts.
  override [Symbol.iterator](): OpIterator<void, never> {
    const processor = currentProcessor()
    if (this.phase !== Phase.Idle || processor.current === null) return super[Symbol.iterator]()
    if (--processor.ticks < 0 && processor.putOff(this)) return this.yieldSelf()
    const { ring } = this
    if (ring.senders.waiters.head !== null || !ring.send(this.encoded, this.sent)) {
      this.phase = Phase.Polled
      this.done = false
      this.value = this
      processor.yielded = this
    } else {
      this.done = true
      this.value = undefined
    }
    return this
  }

  override next(): IteratorResult<Op<void>, void> {
    if (this.phase === Phase.Yielded) {
      this.phase = Phase.Idle
      this.done = true
      this.value = undefined
    } else if (this.phase === Phase.Polled) this.phase = Phase.Yielded
    return this as unknown as IteratorResult<Op<void>, void>
  }

  get name(): string {
    return "chan send"
  }
  override get detail(): string {
    return detailOf(this.ring)
  }
  override get on(): object {
    return this.ring
  }
  poll(): unknown {
    const { ring } = this
    return ring.senders.waiters.head === null && ring.send(this.encoded, this.sent) ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    waiter.slot = { encoded: this.encoded, value: this.sent } satisfies Sending
    this.ring.senders.park(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.ring.senders.withdraw(waiter)
  }
}

const detailOf = <T>({ codec, layout, length }: SharedRing<T>): string =>
  `a shared channel of ${codec.name} (capacity ${layout.capacity}, ${length} buffered)`

/** Waits for one value, and takes with it what else there is. */
class ReceiveUpTo<T> extends Op<Array<T>> {
  declare private readonly ring: SharedRing<T>
  declare private readonly most: number

  constructor(ring: SharedRing<T>, most: number) {
    super()
    check(most, 1, "receiveUpTo: most")
    this.ring = ring
    this.most = most
  }

  get name(): string {
    return "chan receive"
  }
  override get detail(): string {
    return detailOf(this.ring)
  }
  override get on(): object {
    return this.ring
  }
  poll(): unknown {
    const values = this.ring.mayPoll() ? this.ring.receiveMany(this.most) : NotReady
    return Array.isArray(values) ? new Polled(values) : values
  }
  enqueue(waiter: Waiter): void {
    this.ring.receivers.park(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.ring.receivers.withdraw(waiter)
  }
  override finish(raw: unknown): Array<T> {
    if (raw instanceof Polled) return raw.values as Array<T>
    if (raw === Ended) return []
    // Who waited was given one.
    return this.most > 1 ? [raw as T, ...this.ring.receiveMore(this.most - 1)] : [raw as T]
  }
}

/** What a poll has received: one value may be an array, too. */
class Polled {
  readonly values: ReadonlyArray<unknown>

  constructor(values: ReadonlyArray<unknown>) {
    this.values = values
  }
}

/**
 * A thread attaches a shared channel by another codec or capacity than it was made with.
 *
 * @since 0.2.0
 */
export class SharedChannelMismatch extends Panic<{ codec: string; capacity: number }> {
  override readonly name = "SharedChannelMismatch"

  constructor(codec: string, capacity: number) {
    super(
      `channels: the shared channel in this memory was not made with codec ${codec} and capacity ${capacity}; attach it by the codec it was made with: sharedChan.from(codec, handle)`,
      { codec, capacity },
    )
  }
}
