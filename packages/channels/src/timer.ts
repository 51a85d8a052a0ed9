import { type Body, DelayedStart, toMillis } from "@weft/core"
import type * as Duration from "effect/Duration"
import { TimerChannel } from "./timer-channel.ts"

/**
 * Fires once after a duration: receive from it, or give it a function to start as a goroutine then.
 *
 * Laws
 * - Never early; a duration of zero or less fires at once. The value is the time at which it fired.
 * - After `stop` or `reset` has returned, nothing from before can be received; both say whether they prevented a firing.
 * - One that waits for nobody to receive keeps no process alive; one with a function does until it has fired, or its run is over.
 *
 * @example
 * const timer = new Timer("5 seconds")
 * const hit = yield* select({ done: work.receive(), late: timer.receive() })
 *
 * @see Go: time.Timer, time.AfterFunc (since Go 1.23)
 * @since 0.1.0
 */
export class Timer extends TimerChannel {
  readonly #call: DelayedStart | undefined

  constructor(duration: Duration.Input, f?: (() => void) | Body<unknown>) {
    super()
    this.#call = f === undefined ? undefined : new DelayedStart("Timer", f)
    this.reset(duration)
  }

  /** Whether it prevented the firing: false if it had been received, had called its function, or was stopped. */
  stop(): boolean {
    return this.#call === undefined ? this.schedule(Infinity) : this.#call.stop()
  }

  /** Starts it again; answers as `stop` does. */
  reset(duration: Duration.Input): boolean {
    const millis = toMillis(duration)
    if (this.#call === undefined) return this.schedule(this.processor.clock.now() + Math.max(0, millis))
    return this.#call.reset(millis)
  }

  protected after(): number {
    return Infinity
  }
}
