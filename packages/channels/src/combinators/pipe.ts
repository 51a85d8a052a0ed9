import type { Goroutine } from "@weft/core"
import type { Sender } from "../channel.ts"
import { feedTo } from "../flow.ts"
import type { Receiver } from "../receiver.ts"

/**
 * Sends every value of `from` to `to`, and closes `to` at the end.
 *
 * Laws
 * - One value is in hand at most: the next is received once the last was sent.
 * - `to` is closed when the goroutine has ended, however it ended: `interrupt` it to stop early, and nobody waits on `to` for ever.
 * - A failure of `from` is the goroutine's: join it. Receivers of `to` see only the end.
 *
 * Errors: the goroutine panics with {@link ChannelClosed} if somebody else closes `to`.
 *
 * @example
 * const goroutine = pipe(fromStream(rows), jobs)
 * yield* goroutine
 *
 * @see core.async: pipe
 * @since 0.1.0
 */
export function pipe<T, E>(from: Receiver<T, E>, to: Sender<T>): Goroutine<void, E> {
  return feedTo(from, to, () =>
    from.forEach(function* (value) {
      yield* to.send(value)
    }),
  )
}
