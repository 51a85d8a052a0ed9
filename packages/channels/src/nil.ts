import { NotReady } from "@weft/core"
import { Channel } from "./channel.ts"
import { closeOfNil } from "./closed.ts"

class Nil extends Channel<never> {
  protected readonly kind = "nil"

  get length(): number {
    return 0
  }
  get capacity(): number {
    return 0
  }
  override get receiveName(): string {
    return "chan receive (nil chan)"
  }
  override get sendName(): string {
    return "chan send (nil chan)"
  }

  pollSend(): unknown {
    return NotReady
  }
  pollReceive(): unknown {
    return NotReady
  }
  giveBack(): void {}
  override close(): void {
    throw closeOfNil()
  }
}

/**
 * The nil channel: sends and receives on it never happen. In a select it switches a case off.
 *
 * @example
 * yield* select({ out: queue.length > 0 ? out.send(queue[0]) : nil<string>().send("") })
 *
 * @see Go: var ch chan T
 * @since 0.1.0
 */
export function nil<T>(): Channel<T> {
  // A channel of its own each time: waiters of one must not hold those of another.
  return new Nil()
}
