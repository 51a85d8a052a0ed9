/**
 * The three ways to receive, over what a receiver must be able to do.
 *
 * All of them wait with the raw value, or with {@link Ended}; each makes its own result of it in `finish`.
 */
import { currentProcessor, failure, NotReady, Op, type OpIterator, Phase, type Waiter } from "@weft/core"
import { type ChannelClosed, receiveFromClosed } from "./closed.ts"

/** The raw value of a receive once the channel is closed and drained. */
export const Ended: unique symbol = Symbol("Ended")

/** What can be received from: poll answers a value, `Ended` or `NotReady`. */
export interface Source {
  readonly receiveName: string
  readonly receiveDetail: string | undefined
  pollReceive(): unknown
  enqueueReceiver(waiter: Waiter): void
  dequeueReceiver(waiter: Waiter): void | Op<void>
}

/**
 * A value, or the end: `v, ok := <-ch`.
 *
 * @since 0.1.0
 */
export type Next<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly value: undefined }

const end: Next<never> = { ok: false, value: undefined }

export function nextOf<T>(raw: unknown): Next<T> {
  return raw === Ended ? end : { ok: true, value: raw as T }
}

/** What the ways to receive have in common; on its own it answers the raw value. */
export abstract class FromSource<A, E = never> extends Op<A, E> {
  declare protected readonly source: Source

  constructor(source: Source) {
    super()
    this.source = source
  }

  get name(): string {
    return this.source.receiveName
  }
  override get detail(): string | undefined {
    return this.source.receiveDetail
  }
  override get on(): object {
    return this.source
  }
  poll(): unknown {
    return this.source.pollReceive()
  }
  enqueue(waiter: Waiter): void {
    this.source.enqueueReceiver(waiter)
  }
  dequeue(waiter: Waiter): void | Op<void> {
    return this.source.dequeueReceiver(waiter)
  }
}

export class Receive<T, E = never> extends FromSource<T | undefined, E> {
  // Written out, as in send.ts.
  override [Symbol.iterator](): OpIterator<T | undefined, E> {
    const processor = currentProcessor()
    if (this.phase !== Phase.Idle || processor.current === null) return super[Symbol.iterator]()
    if (--processor.ticks < 0 && processor.putOff(this)) return this.yieldSelf()
    const raw = this.source.pollReceive()
    if (raw === NotReady) {
      this.phase = Phase.Polled
      this.done = false
      this.value = this
      processor.yielded = this
    } else {
      this.done = true
      this.value = raw === Ended ? undefined : raw
    }
    return this
  }

  override next(raw?: unknown): IteratorResult<Op<T | undefined, E>, T | undefined> {
    if (this.phase === Phase.Yielded) {
      this.phase = Phase.Idle
      this.done = true
      this.value = raw === Ended ? undefined : raw
    } else if (this.phase === Phase.Polled) this.phase = Phase.Yielded
    return this as unknown as IteratorResult<Op<T | undefined, E>, T | undefined>
  }

  override finish(raw: unknown): T | undefined {
    return raw === Ended ? undefined : (raw as T)
  }
}

export class NextOf<T, E = never> extends FromSource<Next<T>, E> {
  override finish(raw: unknown): Next<T> {
    return nextOf<T>(raw)
  }
}

export class Take<T, E = never> extends FromSource<T, ChannelClosed | E> {
  override finish(raw: unknown): T {
    if (raw === Ended) throw failure(receiveFromClosed())
    return raw as T
  }
}
