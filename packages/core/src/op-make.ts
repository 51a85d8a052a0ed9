import { NotReady } from "./not-ready.ts"
import { Op } from "./op.ts"
import type { Waiter } from "./waiter.ts"

/**
 * How a new kind of op blocks.
 *
 * @since 0.1.0
 */
export interface OpProtocol<A> {
  /** The wait reason in reports. */
  readonly name: string
  /** Completes now, or answers `NotReady` and changes nothing. Left out: never ready at once. */
  readonly poll?: () => A | typeof NotReady
  /** Registers somebody who waits, to be committed or failed once. */
  readonly enqueue: (waiter: Waiter) => void
  /** Withdraws a waiter that was neither committed nor failed. */
  readonly dequeue: (waiter: Waiter) => void
  /** What it waits on: see `on` of `Op`. Left out, an exploration takes it for something that any step may disturb. */
  readonly on?: object
}

class MadeOp<A, E> extends Op<A, E> {
  declare private readonly protocol: OpProtocol<A>

  constructor(protocol: OpProtocol<A>) {
    super()
    this.protocol = protocol
  }

  override get on(): object | undefined {
    return this.protocol.on
  }
  get name(): string {
    return this.protocol.name
  }
  poll(): unknown {
    return this.protocol.poll === undefined ? NotReady : this.protocol.poll()
  }
  enqueue(waiter: Waiter): void {
    this.protocol.enqueue(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.protocol.dequeue(waiter)
  }
}

/** See {@link Op.make}. */
export function make<A, E = never>(protocol: OpProtocol<A>): Op<A, E> {
  return new MadeOp<A, E>(protocol)
}
