/**
 * Fairness: a loop that waits for others to do something must let them, or its schedule would never end. So a goroutine is passed over while
 * others can run,
 *   - after `mostStepsInARow` steps in a row: a plain run has a budget too;
 *   - once it has given way twice while the same one waited for its turn.
 *
 * It may give way once while another waits for its turn. What third parties do in between changes nothing: the search leaves out orders that
 * differ only in that.
 *
 * @see Musuvathi, Qadeer, "Fair Stateless Model Checking" (2008)
 */
import type { Goroutine } from "../goroutine.ts"

/** How many steps in a row a goroutine may take while others could. */
const mostStepsInARow = 64

export class Fairness {
  /** The goroutine that took the last steps, and how many. */
  #last: Goroutine | null = null
  #inARow = 0
  /** Counts what the following remember, by goroutine id: since when it can run, when it gave way, and when the time before. */
  #moment = 0
  readonly #runnableSince: Array<number> = []
  readonly #gaveWay: Array<number> = []
  readonly #gaveWayBefore: Array<number> = []

  /** A moment of its own, after all before it. */
  now(): number {
    return ++this.#moment
  }

  canRun(goroutine: Goroutine): void {
    this.#runnableSince[goroutine.id] = this.now()
  }

  /** It takes a step. */
  runs(goroutine: Goroutine): void {
    if (goroutine !== this.#last) {
      this.#last = goroutine
      this.#inARow = 0
    }
    this.#inARow++
  }

  givesWay(goroutine: Goroutine): void {
    const { id } = goroutine
    if (this.#gaveWay[id] !== undefined) this.#gaveWayBefore[id] = this.#gaveWay[id]
    this.#gaveWay[id] = this.now()
  }

  /**
   * Whether others must run first: those of `runnable`, the longest waiting in front, but for the one that has its turn; or what has arrived
   * outside.
   */
  isTired(
    goroutine: Goroutine,
    runnable: ReadonlyArray<Goroutine>,
    hasTurn: Goroutine | null,
    arrivedAt: number = Infinity,
  ): boolean {
    if (goroutine === this.#last && this.#inARow >= mostStepsInARow) return true
    const before = this.#gaveWayBefore[goroutine.id]
    if (before === undefined) return false
    const longest = runnable.find((other) => other !== goroutine && other !== hasTurn)
    const waitingSince = longest === undefined ? Infinity : this.#runnableSince[longest.id]!
    return before > Math.min(waitingSince, arrivedAt)
  }
}
