import { decodeSchedule } from "../schedule.ts"
import type { Strategy } from "../strategy.ts"

/** Takes the decisions of one schedule, and those that a plain run would take where that ends. */
export class ReplayStrategy implements Strategy {
  readonly pruned = 0
  readonly isExhaustive = false
  readonly hasDiverged = false
  readonly observer = null
  /** Whether the program came to the same choices: not so if it was changed since. */
  isFaithful = true
  readonly #decisions: ReadonlyArray<number>
  #at = 0
  #hasRun = false

  constructor(schedule: string | ReadonlyArray<number>) {
    this.#decisions = typeof schedule === "string" ? decodeSchedule(schedule) : schedule
  }

  begin(): boolean {
    if (this.#hasRun) return false
    this.#hasRun = true
    return true
  }

  schedule(processes: ReadonlyArray<number>): number {
    return processes.length === 1 ? 0 : this.choose(processes.length)
  }

  choose(n: number): number {
    const decision = this.#decisions[this.#at++] ?? 0
    if (decision < n) return decision
    this.isFaithful = false
    return 0
  }

  end(): void {
    if (this.#at < this.#decisions.length) this.isFaithful = false
  }
}
