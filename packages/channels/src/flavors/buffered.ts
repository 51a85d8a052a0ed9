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
    for (let receiver = this.receivers.shift(); receiver !== null; receiver = this.receivers.shift())
      if (receiver.commit(value) !== false) return undefined
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
    // More than its capacity where something was given back.
    if (ring.length >= this.capacity) return value
    for (let sender = this.senders.shift(); sender !== null; sender = this.senders.shift()) {
      // To the tail: the parked sender's value must not overtake those buffered. Before the commit, in which a fiber runs on.
      ring.push(sender.slot as T)
      if (sender.commit(undefined) !== false) break
      ring.unpush()
    }
    return value
  }

  giveBack(value: T): void {
    for (let receiver = this.receivers.shift(); receiver !== null; receiver = this.receivers.shift())
      if (receiver.commit(value) !== false) return
    this.ring.unshift(value)
  }

  /** What a send does when there is no room. */
  protected full(_value: T): unknown {
    return NotReady
  }
}
