import { NotReady } from "@weft/core"
import { Channel } from "../channel.ts"
import { sendOnClosed } from "../closed.ts"
import { Ended } from "../receive.ts"

/**
 * The unbuffered channel: a send and a receive happen together, and the value goes straight from one goroutine to the other.
 *
 * @see Go: make(chan T)
 */
export class Rendezvous<T> extends Channel<T> {
  protected readonly kind = "unbuffered"

  /** What was given back. */
  private given: Array<T> | null = null

  get length(): number {
    return 0
  }
  get capacity(): number {
    return 0
  }

  pollSend(value: T): unknown {
    if (this.isClosed) throw sendOnClosed(value)
    for (let receiver = this.receivers.shift(); receiver !== null; receiver = this.receivers.shift()) {
      if (receiver.commit(value) !== false) return undefined
      // By a fiber that ran on, as its select had committed another case.
      if (this.closed) throw sendOnClosed(value)
    }
    return NotReady
  }

  pollReceive(): unknown {
    if (this.given !== null) return this.takeGiven()
    for (let sender = this.senders.shift(); sender !== null; sender = this.senders.shift()) {
      const value = sender.slot
      if (sender.commit(undefined) !== false) return value
    }
    return this.isClosed ? Ended : NotReady
  }

  giveBack(value: T): void {
    for (let receiver = this.receivers.shift(); receiver !== null; receiver = this.receivers.shift())
      if (receiver.commit(value) !== false) return
    if (this.given === null) this.given = [value]
    else this.given.push(value)
  }

  private takeGiven(): T {
    const value = this.given!.shift()!
    if (this.given!.length === 0) this.given = null
    return value
  }
}
