import type * as Duration from "effect/Duration"
import type { Receiver } from "./receiver.ts"
import { Timer } from "./timer.ts"

/**
 * Sends the time once, after a duration counted from this call: the classic timeout of a select.
 *
 * @see Go: time.After
 * @since 0.1.0
 */
export function after(duration: Duration.Input): Receiver<Date> {
  return new Timer(duration)
}
