import { TimerEntry } from "./timer-heap.ts"

/**
 * A timer entry that calls back when it fires: for ops and channels of your own that keep time.
 *
 * @example
 * const alarm = new Alarm(() => console.log("it is time"))
 * currentProcessor().startTimer(alarm, 50)
 *
 * @since 0.1.0
 */
export class Alarm extends TimerEntry {
  readonly #ring: () => void

  constructor(ring: () => void) {
    super()
    this.#ring = ring
  }

  fire(): void {
    this.#ring()
  }
}
