import type { Clock } from "../clock.ts"
import type { Plugin } from "../plugin.ts"

/** 2000-01-01T00:00:00Z, where Go's synctest starts. */
const epoch = Date.UTC(2000, 0, 1)

export class VirtualClock implements Clock {
  readonly isVirtual = true
  #now = 0

  now(): number {
    return this.#now
  }
  wallNow(): number {
    return epoch + this.#now
  }
  wakeAt(): void {}
  /** Back to the epoch, for another run. */
  reset(): void {
    this.#now = 0
  }
  jump(when: number): boolean {
    if (when > this.#now) this.#now = when
    return true
  }
}

/**
 * Time that stands still while a goroutine can run, and then goes at once to the next timer: a test that sleeps an hour takes no time.
 *
 * While something outside is waited for (a promise, an effect), it stands still too.
 *
 * @example
 * await run(main, { plugins: [virtualTime()] })
 *
 * @see Go: testing/synctest
 * @since 0.1.0
 */
export function virtualTime(): Plugin {
  return { name: "virtualTime", setup: (runtime) => runtime.setClock(new VirtualClock()) }
}
