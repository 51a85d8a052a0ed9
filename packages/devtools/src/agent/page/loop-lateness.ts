/** Stands in for `agent/loop-lateness.ts` in pages: timers of a hidden page are late because it is hidden, so those samples don't count. */
import { node } from "./node.ts"

const everyMillis = 50

export class LoopLateness {
  #most = 0
  #due: number
  readonly #timer

  /** `onSample` is told of each. */
  constructor(onSample: (lateMillis: number) => void = () => undefined) {
    this.#due = performance.now() + everyMillis
    let wasHidden = isHidden()
    this.#timer = node.timers.setInterval(() => {
      const now = performance.now()
      const late = Math.max(0, now - this.#due)
      this.#due = now + everyMillis
      const counts = !wasHidden && !isHidden()
      wasHidden = isHidden()
      if (!counts) return
      if (late > this.#most) this.#most = late
      onSample(late)
    }, everyMillis)
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

/** Workers have no document; how their page is shown they can't tell. */
const isHidden = (): boolean =>
  (globalThis as { readonly document?: { readonly hidden: boolean } }).document?.hidden ?? false
