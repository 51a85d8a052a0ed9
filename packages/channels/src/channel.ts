/**
 * Channel: what all flavours share. Each flavour decides when a send is admitted and where a value comes from.
 *
 * Invariants, whenever no method of a flavour is running:
 *   1. receivers not empty implies nothing is buffered and no sender is parked, but for a select that waits with both a send and a
 *      receive case on this channel, which never meets itself: it polls before it is enqueued.
 *   2. senders not empty implies the buffer is full and the channel is open.
 *   3. closed implies both lists are empty.
 *   4. A commit is the last thing that a method does to the state: whoever it resumes finds the invariants true. One that is refused (see
 *      `Waiter.commit`) has changed nothing, and the next in the list is served.
 * While values are on their way that were promised room (see buffered.ts), receivers may wait all the same: before senders, and after the close.
 */
import { accessed, made, type Op, type Waiter, WaitList } from "@weft/core"
import { closeOfClosed, sendOnClosed } from "./closed.ts"
import { Ended } from "./receive.ts"
import { Receiver } from "./receiver.ts"
import { Send } from "./send.ts"

const none: ReadonlyArray<Waiter> = []

/**
 * The sending end of a channel: give functions this where they only send.
 *
 * @see Go: `chan<- T`
 * @since 0.1.0
 */
export interface Sender<in T> {
  /**
   * Sends a value: unbuffered, it waits until somebody has received it; buffered, until there is room.
   *
   * Errors: panics with {@link ChannelClosed}, which gives the value back.
   */
  send(value: T): Op<void>
  /** Sends if that needs no waiting, and says whether it did. */
  trySend(value: T): boolean
  /** No more values: receivers get what is buffered, then the end. Closing twice panics. */
  close(): void
  readonly length: number
  readonly capacity: number
  readonly closed: boolean
}

/**
 * A channel: a first-in first-out conveyor of values between goroutines.
 *
 * Laws
 * - A value reaches exactly one receiver; values, parked senders and parked receivers are served in order.
 * - The k-th receive comes before the end of the (k + capacity)-th send.
 *
 * @see Go: chan T
 * @since 0.1.0
 */
export abstract class Channel<in out T> extends Receiver<T> implements Sender<T> {
  /** @internal */
  readonly receivers: WaitList = new WaitList()
  /** @internal */
  readonly senders: WaitList = new WaitList()
  /** @internal */
  isClosed = false

  /** @internal Sends now and answers undefined, or answers NotReady; panics if closed. */
  abstract pollSend(value: T): unknown
  /** What kind of channel it is, for reports. */
  protected abstract readonly kind: string

  constructor() {
    super()
    made(this)
  }

  get closed(): boolean {
    accessed(this)
    return this.isClosed
  }

  send(value: T): Op<void> {
    return new Send<T>(this, value)
  }

  trySend(value: T): boolean {
    accessed(this)
    return this.pollSend(value) === undefined
  }

  close(): void {
    accessed(this)
    if (this.isClosed) throw closeOfClosed()
    this.isClosed = true
    const { senders } = this
    // Both lists are emptied before anybody is woken: a receiver must not find a sender that is about to panic.
    const parked = senders.isEmpty ? none : senders.shiftAll()
    this.end()
    for (const sender of parked) sender.fail(sendOnClosed(sender.slot))
  }

  /** Tells those who wait to receive that nothing comes any more. */
  protected end(): void {
    this.receivers.commitAll(Ended)
  }

  /** @internal */
  enqueueReceiver(waiter: Waiter): void {
    this.receivers.push(waiter)
  }

  /** @internal */
  dequeueReceiver(waiter: Waiter): void | Op<void> {
    this.receivers.remove(waiter)
  }

  /** @internal Its value stands in the waiter's slot. */
  enqueueSender(waiter: Waiter): void {
    this.senders.push(waiter)
  }

  /** @internal */
  dequeueSender(waiter: Waiter): void | Op<void> {
    this.senders.remove(waiter)
  }

  /** @internal Takes back a value that was received and reached nobody: it is the next to be received. */
  abstract giveBack(value: T): void

  /** @internal */
  get receiveName(): string {
    return "chan receive"
  }

  /** @internal */
  get sendName(): string {
    return "chan send"
  }

  /** @internal */
  get receiveDetail(): string {
    const parts = [this.kind]
    if (this.length > 0) parts.push(`${this.length} buffered`)
    if (!this.receivers.isEmpty) parts.push(`${this.receivers.length} waiting to receive`)
    if (!this.senders.isEmpty) parts.push(`${this.senders.length} waiting to send`)
    return `a channel (${parts.join(", ")})`
  }
}
