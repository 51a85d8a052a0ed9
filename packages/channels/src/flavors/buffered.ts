import { accessed, NotReady } from "@weft/core"
import { Ring } from "../buffer/ring.ts"
import { Channel } from "../channel.ts"
import { sendOnClosed } from "../closed.ts"
import { Ended } from "../receive.ts"

/**
 * A channel with a buffer of `capacity` values: a send waits only when it is full.
 *
 * Room may be promised to senders of other threads, whose values are then on their way (see workers): capacity - room is what they may still use, or
 * have used. A send that finds no other room takes back what nobody has used. The end comes after what is on its way.
 *
 * @see Go: make(chan T, capacity)
 */
export class Buffered<T> extends Channel<T> {
  readonly capacity: number
  /** @internal How many values may be buffered, but for those that are promised room. */
  room: number
  /** @internal Takes back what was promised and not used, while anything is promised. */
  takeBack: (() => void) | undefined = undefined
  protected readonly ring: Ring<T> = new Ring<T>()

  constructor(capacity: number) {
    super()
    this.capacity = capacity
    this.room = capacity
  }

  protected get kind(): string {
    return `capacity ${this.capacity}`
  }

  get length(): number {
    accessed(this)
    return this.ring.length
  }

  pollSend(value: T): unknown {
    if (this.isClosed) throw sendOnClosed(value)
    // Receivers may wait for what is on its way, and senders behind that.
    if (this.takeBack !== undefined && !this.senders.isEmpty) return NotReady
    for (let receiver = this.receivers.shift(); receiver !== null; receiver = this.receivers.shift()) {
      if (receiver.commit(value) !== false) return undefined
      // By a fiber that ran on, as its select had committed another case.
      if (this.closed) throw sendOnClosed(value)
    }
    if (this.ring.length < this.room) {
      this.ring.push(value)
      return undefined
    }
    return this.full(value)
  }

  pollReceive(): unknown {
    const { ring } = this
    if (ring.length === 0) return this.isClosed && this.room === this.capacity ? Ended : NotReady
    const value = ring.shift()
    // More than its capacity where something was given back.
    if (ring.length < this.room) this.admit()
    return value
  }

  private admit(): void {
    const { ring } = this
    for (let sender = this.senders.shift(); sender !== null; sender = this.senders.shift()) {
      // Asked first: where its select has committed another case a fiber runs on in that, which must not see this value, and may send its own.
      if (!sender.mayCommit()) {
        if (ring.length < this.room) continue
        return
      }
      // To the tail: the parked sender's value must not overtake those buffered. Before the commit, in which a fiber runs on.
      ring.push(sender.slot as T)
      if (sender.commit(undefined) !== false) break
      ring.unpush()
    }
  }

  override close(): void {
    this.takeBack?.()
    super.close()
  }

  protected override end(): void {
    if (this.room === this.capacity) super.end()
  }

  /** @internal A value has come that was promised room. */
  arrive(value: T): void {
    this.ring.push(value)
    this.free(1)
  }

  /** @internal Nothing comes for as many promises. */
  free(promises: number): void {
    const { receivers, ring, senders } = this
    this.room += promises
    for (;;) {
      while (ring.length < this.room && !senders.isEmpty) this.admit()
      const receiver = ring.length === 0 ? null : receivers.shift()
      if (receiver === null) break
      if (!receiver.mayCommit()) continue
      const value = ring.shift()
      if (receiver.commit(value) === false) ring.unshift(value)
    }
    if (this.isClosed) this.end()
  }

  giveBack(value: T): void {
    for (let receiver = this.receivers.shift(); receiver !== null; receiver = this.receivers.shift())
      if (receiver.commit(value) !== false) return
    this.ring.unshift(value)
  }

  /** What a send does when there is no room. */
  protected full(value: T): unknown {
    this.takeBack?.()
    if (this.ring.length >= this.room) return NotReady
    this.ring.push(value)
    return undefined
  }
}
