import type { Op } from "@weft/core"
import type { Channel } from "../channel.ts"
import { selectOf } from "./select-of.ts"

/** Sends to whichever can take the value first, and answers which; undefined once all of them were stopped. */
export function* sendToAny<T>(
  outs: Set<Channel<T>>,
  value: T,
): Generator<Op<unknown>, Channel<T> | undefined, unknown> {
  while (outs.size > 0) {
    const all = [...outs]
    try {
      return all[(yield* selectOf(all.map((out) => out.send(value)))).case]
    } catch (error) {
      // A flow that is stopped closes its channel under the send.
      for (const out of all) if (out.closed) outs.delete(out)
      if (outs.size === all.length) throw error
    }
  }
  return undefined
}
