import type { Channel } from "@weft/channels"
import type { WaitList } from "@weft/core"
import { invariant } from "@weft/core/testing"
import { expect } from "vitest"

/**
 * The channel, whose own invariants (channel.ts) must hold from here on after every step.
 *
 * `meetsItself`: a select waits with a send and a receive on it, who don't serve each other.
 */
export function sound<T>(ch: Channel<T>, meetsItself = false): Channel<T> {
  const { receivers, senders } = ch
  invariant(
    () => receivers.isEmpty || (ch.length === 0 && (senders.isEmpty || meetsItself)),
    "who waits to receive has nothing to receive",
  )
  invariant(
    () => senders.isEmpty || (ch.length === ch.capacity && !ch.isClosed),
    "who waits to send has no room in an open channel",
  )
  invariant(() => !ch.isClosed || (receivers.isEmpty && senders.isEmpty), "nobody waits on a closed channel")
  return ch
}

interface Lists {
  readonly receivers: WaitList
  readonly senders: WaitList
}

/** Whoever was on these channels has left nobody behind, also no case of a select. */
export function expectNobodyWaits(...channels: ReadonlyArray<Lists>): void {
  for (const { receivers, senders } of channels) expect([receivers.length, senders.length]).toEqual([0, 0])
}
