import { NotReady, Op, type OpIterator, type Waiter } from "@weft/core"
import type { Channel } from "./channel.ts"

/** One send. While it waits, its value stands in the waiter's slot, where a receiver takes it. */
export class Send<T> extends Op<void> {
  declare private readonly channel: Channel<T>
  declare private readonly payload: T

  constructor(channel: Channel<T>, payload: T) {
    super()
    this.channel = channel
    this.payload = payload
  }

  // Op's own iteration, written out for one class: a call site that sees every kind of op is slower.
  override [Symbol.iterator](): OpIterator<void, never> {
    if (!this.begin()) return super[Symbol.iterator]()
    const raw = this.channel.pollSend(this.payload)
    if (raw === NotReady) return this.yieldSelf()
    this.done = true
    this.value = undefined
    return this.asIterator()
  }

  get name(): string {
    return this.channel.sendName
  }
  override get detail(): string {
    return this.channel.receiveDetail
  }
  poll(): unknown {
    return this.channel.pollSend(this.payload)
  }
  enqueue(waiter: Waiter): void {
    waiter.slot = this.payload
    this.channel.senders.push(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.channel.senders.remove(waiter)
    waiter.slot = undefined
  }
}
