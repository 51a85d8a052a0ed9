import type { Channel, Next, Receiver, Sender } from "@weft/channels"
import type { Op } from "@weft/core"
import { expect } from "vitest"
import { expectNobodyWaits } from "./sound.ts"
import { ascending } from "./numbers.ts"

/**
 * What went into channels and what came out, by which of those who sent and received got so far: what was sent has been received or is
 * still buffered, once; what was refused (by a close, or as its sender was cancelled) has not.
 */
export class Ledger {
  readonly sent: Array<number> = []
  readonly received: Array<number> = []
  readonly #offered = new Set<number>()

  /** Somebody is about to send it. */
  offer(value: number): void {
    this.#offered.add(value)
  }

  /** Sends it; refused until the send has come to its end. */
  *send(to: Sender<number>, value: number): Generator<Op<void>, void, unknown> {
    this.offer(value)
    yield* to.send(value)
    this.accepted(value)
  }

  /** Receives, and answers whether there was a value. */
  *receive(from: Receiver<number>): Generator<Op<Next<number>>, boolean, unknown> {
    const next = yield* from.next()
    if (next.ok) this.got(next.value)
    return next.ok
  }

  /** The channel has it. */
  accepted(value: number): void {
    this.#offered.delete(value)
    this.sent.push(value)
  }

  got(value: number): void {
    this.received.push(value)
  }

  /** What no send has got rid of. */
  get refused(): ReadonlyArray<number> {
    return ascending([...this.#offered])
  }

  /** Once all are at rest and nobody waits. Empties the channels. */
  check(...channels: ReadonlyArray<Channel<number>>): void {
    expectNobodyWaits(...channels)
    for (const ch of channels)
      for (let next = ch.tryReceive(); next?.ok === true; next = ch.tryReceive()) this.got(next.value)
    expect(ascending(this.received)).toEqual(ascending(this.sent))
  }

  get summary(): string {
    return `sent [${ascending(this.sent).join()}] received [${ascending(this.received).join()}]`
  }
}
