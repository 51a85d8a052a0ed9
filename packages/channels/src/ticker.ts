import { Panic, toMillis } from "@weft/core"
import type * as Duration from "effect/Duration"
import { TimerChannel } from "./timer-channel.ts"

/**
 * Fires again and again, a period apart.
 *
 * Laws
 * - A slow receiver loses ticks: at most one is kept for it, and they never come in a burst.
 * - After `stop` or `reset` has returned, no tick from before can be received. Stopping does not close it.
 * - One that nobody waits on keeps no process alive and can be collected, stopped or not.
 *
 * Errors: {@link InvalidPeriod} unless the period is more than zero.
 *
 * @see Go: time.Ticker (since Go 1.23)
 * @since 0.1.0
 */
export class Ticker extends TimerChannel {
  #period = 0

  constructor(period: Duration.Input) {
    super()
    this.#start(period, "NewTicker")
  }

  /** No more ticks. */
  stop(): void {
    this.schedule(Infinity)
  }

  /** Starts anew: the next tick comes one `period` from now. */
  reset(period: Duration.Input): void {
    this.#start(period, "Ticker.Reset")
  }

  protected after(due: number, now: number): number {
    const missed = Math.floor((now - due) / this.#period)
    return due + (missed + 1) * this.#period
  }

  #start(period: Duration.Input, caller: string): void {
    const millis = toMillis(period)
    if (!(millis > 0)) throw new InvalidPeriod(caller, millis)
    this.#period = millis
    this.schedule(this.processor.clock.now() + millis)
  }
}

/**
 * A period that is not positive.
 *
 * @see Go: "non-positive interval for NewTicker"
 * @since 0.1.0
 */
export class InvalidPeriod extends Panic<{ millis: number }> {
  override readonly name = "InvalidPeriod"

  constructor(caller: string, millis: number) {
    super(`non-positive interval for ${caller} (${millis} ms); pass a duration above zero`, { millis })
  }
}
