import { type Flow, flow } from "../flow.ts"
import type { Receiver } from "../receiver.ts"
import { selectOf } from "./select-of.ts"

/**
 * The values of several receivers, as they come.
 *
 * Laws
 * - The order of each is kept; among those that are ready each is as likely to be next.
 * - One value is in hand at most, of whichever receiver: the others are held back.
 * - It ends when all have ended. The first failure of any fails it; the rest is left unread, and flows among them are stopped.
 *
 * @example
 * yield* merge(keyboard, network).forEach(console.log)
 *
 * @see Go: the fan-in of "Go Concurrency Patterns"; core.async: merge
 * @since 0.1.0
 */
export function merge<T, E = never>(...from: ReadonlyArray<Receiver<T, E>>): Flow<T, E> {
  return flow(from, 0, function* (out) {
    const open = new Set(from)
    while (open.size > 0) {
      const receivers = [...open]
      const hit = yield* selectOf(receivers.map((receiver) => receiver.next()))
      if (hit.value.ok) yield* out.send(hit.value.value)
      else open.delete(receivers[hit.case]!)
    }
  })
}
