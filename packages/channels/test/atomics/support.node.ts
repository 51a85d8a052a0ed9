/** The shared channel's own source, access by access, for what is explored of it. */
import { join } from "node:path"
import type { Goroutine, Op, Waiter } from "@weft/core"
import { announce, loadStepping, Thread } from "../../../core/test/support/stepping.node.ts"
import * as chan from "../../src/chan.ts"
import * as closed from "../../src/closed.ts"
import * as receive from "../../src/receive.ts"
import * as receiver from "../../src/receiver.ts"
import type { Codec } from "../../src/shared/codec.ts"
import { f64 } from "../../src/shared/codecs/number.ts"
import { layoutOf } from "../../src/shared/ring-layout.ts"
import type { SteppingRing } from "./dying.node.ts"

/** Code of a simulated thread. */
export type Steps<A = void> = Generator<Op<unknown>, A, unknown>

export interface SteppingChannel {
  readonly ring: SteppingRing & { readonly senders: { readonly waiters: { readonly isEmpty: boolean } } }
  send(value: number): Steps<unknown>
  trySend(value: number): Steps<boolean>
  sendAll(values: ReadonlyArray<number>): Steps
  receiveUpTo(most: number): unknown
  pollReceive(): Steps<unknown>
  enqueueReceiver(waiter: Waiter): Steps
  dequeueReceiver(waiter: Waiter): Steps
  close(): Steps
  readonly length: number
}

const { SharedChannel } = loadStepping(
  join(import.meta.dirname, "../../src/shared/shared-channel.ts"),
  { "../chan.ts": chan, "../closed.ts": closed, "../receive.ts": receive, "../receiver.ts": receiver },
  // The fewest offers that there can be: senders wait for slots, and those come round.
  { offers: 4, lines: 4 },
) as {
  readonly SharedChannel: new (codec: Codec<number>, capacity: number, place: object) => SteppingChannel
}

export interface OfThread {
  readonly thread: Thread
  readonly ch: SteppingChannel
}

/** The channel as each of the threads sees it. */
export function channels(
  capacity: number,
  count: number,
  threads = Array.from({ length: count }, (_, i) => new Thread(i + 1)),
): Array<OfThread> {
  const buffer = new SharedArrayBuffer(4 * layoutOf(capacity, 8).words)
  announce(new Int32Array(buffer))
  return threads.map((thread) => ({
    thread,
    ch: new SharedChannel(f64, capacity, { buffer, offset: 0 }),
  }))
}

/** A receive, as an op whose parts step. */
export const receiving = (ch: SteppingChannel) => ({
  poll: () => ch.pollReceive(),
  enqueue: (waiter: Waiter) => ch.enqueueReceiver(waiter),
  dequeue: (waiter: Waiter) => ch.dequeueReceiver(waiter),
  finish: (raw: unknown) => raw,
})

/** Typed as the steps of a simulated thread. */
export const joined = (goroutine: Goroutine): Steps => goroutine as unknown as Steps
