import { accessed, NotReady } from "@weft/core"
import { Ring } from "../buffer/ring.ts"
import { Channel } from "../channel.ts"
import { sendOnClosed } from "../closed.ts"
import { Ended } from "../receive.ts"

/**
 * A channel with a buffer of `capacity` values: a send waits only when it is full.
 *
 * @see Go: make(chan T, capacity)
 */
export class Buffered<T> extends Channel<T> {
  readonly capacity: number
  protected readonly ring: Ring<T> = new Ring<T>()

  constructor(capacity: number) {
    super()
    this.capacity = capacity
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
    const receiver = this.receivers.shift()
    if (receiver !== null) {
      receiver.commit(value)
      return undefined
    }
    if (this.ring.length < this.capacity) {
      this.ring.push(value)
      return undefined
    }
    return this.full(value)
  }

  pollReceive(): unknown {
    const { ring } = this
    if (ring.length === 0) return this.isClosed ? Ended : NotReady
    const value = ring.shift()
    const sender = this.senders.shift()
    if (sender !== null) {
      // To the tail: the parked sender's value must not overtake those buffered.
      ring.push(sender.slot as T)
      sender.commit(undefined)
    }
    return value
  }

  /** What a send does when there is no room. */
  protected full(_value: T): unknown {
    return NotReady
  }
}
