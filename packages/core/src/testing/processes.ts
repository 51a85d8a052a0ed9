import type { Goroutine } from "../goroutine.ts"

/** The clock's number. */
export const Clock = 0
/** Brings forth what comes to its end outside: promises, effects. */
export const Outside = 1

/** More starts by one process than this are numbered as if they were others'. */
const mostStarts = 0x10000

/**
 * Numbers the processes of many runs of one program: the k-th process that a process brings forth has one number in all of them, however
 * its steps are interleaved with others'.
 */
export class Processes {
  readonly #known = new Map<number, number>()
  #next = Outside + 1
  readonly #ofGoroutine = new Map<Goroutine, number>()
  #starts: Array<number> = []

  /** Another run begins. */
  restart(): void {
    this.#ofGoroutine.clear()
    this.#starts = []
  }

  /** Numbers a new goroutine. */
  start(goroutine: Goroutine, parent: Goroutine | null): void {
    this.#ofGoroutine.set(goroutine, this.begin(parent === null ? Clock : this.of(parent)))
  }

  /** Numbers what `parent` brought forth. */
  begin(parent: number): number {
    const starts = this.#starts[parent] ?? 0
    this.#starts[parent] = starts + 1
    const key = parent * mostStarts + (starts % mostStarts)
    let number = this.#known.get(key)
    if (number === undefined) {
      number = this.#next++
      this.#known.set(key, number)
    }
    return number
  }

  /** A goroutine of another run, woken by this one's, has the clock's. */
  of(goroutine: Goroutine): number {
    return this.#ofGoroutine.get(goroutine) ?? Clock
  }
}
