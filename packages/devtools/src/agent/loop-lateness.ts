/**
 * How late the event loop comes to a timer: sampled, as the host's own histogram keeps a third of a megabyte for each that looks, until it is collected.
 */
import { node } from "./node.ts"

const everyMillis = 50

export class LoopLateness {
  #most = 0
  #due: number
  readonly #timer: NodeJS.Timeout

  /** `onSample` is told of each. */
  constructor(onSample: (lateMillis: number) => void = () => undefined) {
    const { performance } = node.performance
    this.#due = performance.now() + everyMillis
    this.#timer = node.timers.setInterval(() => {
      const now = performance.now()
      const late = Math.max(0, now - this.#due)
      if (late > this.#most) this.#most = late
      this.#due = now + everyMillis
      onSample(late)
    }, everyMillis)
    this.#timer.unref()
  }

  /** The most since the last call. */
  takeMost(): number {
    const most = this.#most
    this.#most = 0
    return most
  }

  close(): void {
    node.timers.clearInterval(this.#timer)
  }
}
