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
    for (let receiver = this.receivers.shift(); receiver !== null; receiver = this.receivers.shift())
      if (receiver.commit(value) !== false) return undefined
    return NotReady
  }

  pollReceive(): unknown {
    for (let sender = this.senders.shift(); sender !== null; sender = this.senders.shift()) {
      const value = sender.slot
      if (sender.commit(undefined) !== false) return value
    }
    return this.isClosed ? Ended : NotReady
  }
}
