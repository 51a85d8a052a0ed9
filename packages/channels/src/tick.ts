import { toMillis } from "@weft/core"
import type * as Duration from "effect/Duration"
import { nil } from "./nil.ts"
import type { Receiver } from "./receiver.ts"
import { Ticker } from "./ticker.ts"

/**
 * A {@link Ticker} that is never stopped; with a period of zero or less, the nil channel.
 *
 * @see Go: time.Tick
 * @since 0.1.0
 */
export function tick(period: Duration.Input): Receiver<Date> {
  return toMillis(period) > 0 ? new Ticker(period) : nil<Date>()
}
