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

  get length(): number {
    return 0
  }
  get capacity(): number {
    return 0
  }

  pollSend(value: T): unknown {
    if (this.isClosed) throw sendOnClosed(value)
    const receiver = this.receivers.shift()
    if (receiver === null) return NotReady
    receiver.commit(value)
    return undefined
  }

  pollReceive(): unknown {
    const sender = this.senders.shift()
    if (sender === null) return this.isClosed ? Ended : NotReady
    const value = sender.slot
    sender.commit(undefined)
    return value
  }
}
