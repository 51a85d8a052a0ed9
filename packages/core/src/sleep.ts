import * as Duration from "effect/Duration"
import { InvalidDuration } from "./invalid-duration.ts"
import { NotReady } from "./not-ready.ts"
import { Op } from "./op.ts"
import { TimerEntry } from "./timer-heap.ts"
import type { Waiter } from "./waiter.ts"

/** A duration in milliseconds; a plain number is one already. Errors: {@link InvalidDuration}. */
export function toMillis(duration: Duration.Input): number {
  if (typeof duration === "number" && duration === duration) return duration
  try {
    const millis = Duration.toMillis(duration)
    if (millis !== 0 || saysZero(duration)) return millis
  } catch {
    // Said below.
  }
  throw new InvalidDuration(duration)
}

/** To effect NaN is no time at all, and so is an object that says nothing, such as a Date. A duration of Temporal does so in its class. */
const saysZero = (duration: Duration.Input): boolean =>
  Object.keys(duration).length > 0 || typeof duration === "bigint" || "days" in Object(duration)

/**
 * Waits for a duration, counted from its commit. Never early; zero and less are ready at once, an infinite one never is.
 *
 * Units: `effect`'s `Duration.Input`: `50` and `"50 millis"` are the same.
 *
 * Errors: {@link InvalidDuration}.
 *
 * @example
 * yield* sleep("50 millis")
 *
 * @see Go: time.Sleep
 * @since 0.1.0
 */
export function sleep(duration: Duration.Input): Op<void> {
  return new Sleep(toMillis(duration))
}

/** Its timer is nobody else's. */
const nothing: ReadonlyArray<object> = []

class Sleep extends Op<void> {
  declare private readonly millis: number

  constructor(millis: number) {
    super()
    this.millis = millis
  }

  get name(): string {
    return "sleep"
  }
  override get detail(): string {
    return `${Math.round(this.millis * 1000) / 1000} ms`
  }
  override get on(): object {
    return nothing
  }
  poll(): unknown {
    return this.millis <= 0 ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    if (this.millis === Infinity) return
    const entry = new Wakeup(waiter)
    waiter.slot = entry
    waiter.processor.startTimer(entry, this.millis)
  }
  dequeue(waiter: Waiter): void {
    if (this.millis !== Infinity) waiter.processor.stopTimer(waiter.slot as Wakeup)
  }
}

class Wakeup extends TimerEntry {
  declare private readonly waiter: Waiter

  constructor(waiter: Waiter) {
    super()
    this.waiter = waiter
  }

  fire(): void {
    this.waiter.commit(undefined)
  }
}
