import { cancelTimeout, monotonicNow, startIdleTimeout, startTimeout, wallNow } from "./host.ts"

/**
 * Where a processor's time comes from. Exclusive: a `run` has one clock.
 *
 * Units: milliseconds, fractions allowed.
 *
 * @since 0.1.0
 */
export interface Clock {
  /** Never goes back. Its zero is the clock's own. */
  now(): number
  /** Since the Unix epoch. */
  wallNow(): number
  /**
   * Calls `wake` when `now()` may have reached `when`; a later call replaces an earlier one. `Infinity`: no call wanted.
   * `isIdle`: no process need stay up for it.
   */
  wakeAt(when: number, wake: () => void, isIdle?: boolean): void
  /**
   * Virtual clocks: every goroutine is parked and nothing outside can wake one, so go on to `when`. Answers whether it did.
   */
  jump(when: number): boolean
  /** What waits for shared memory that only this thread has is then a wait for its own goroutines: see {@link WaitWord}. */
  readonly isVirtual?: boolean
}

/** Hosts keep a delay in a signed 32-bit integer: a longer one fires at once, so it is waited for in parts. */
const longestDelay = 2 ** 31 - 1

/** The host's time, behind one host timer, which keeps the process alive while somebody waits. */
export class HostClock implements Clock {
  #timer: ReturnType<typeof startTimeout> | undefined
  #wakesAt = Infinity
  #isIdle = false

  now(): number {
    return monotonicNow()
  }

  wallNow(): number {
    return wallNow()
  }

  wakeAt(when: number, wake: () => void, isIdle = false): void {
    if (when === this.#wakesAt && isIdle === this.#isIdle) return
    if (this.#timer !== undefined) cancelTimeout(this.#timer)
    this.#timer = undefined
    this.#isIdle = isIdle
    this.#wakesAt = when
    if (when === Infinity) return
    const delay = Math.min(longestDelay, Math.max(0, Math.ceil(when - monotonicNow())))
    this.#timer = (isIdle ? startIdleTimeout : startTimeout)(() => {
      this.#timer = undefined
      this.#wakesAt = Infinity
      wake()
    }, delay)
  }

  jump(): boolean {
    return false
  }
}
