import { decodeSchedule } from "../schedule.ts"
import type { Strategy } from "../strategy.ts"

/** What a process did between two choice points. */
export interface Stretch {
  readonly process: number
  /** The goroutine that was put off for it and could have run on, if any. */
  readonly preempted: number | undefined
  /** What it chose inside. */
  readonly choices: Array<number>
}

/** Takes the decisions of one schedule, and those that a plain run would take where that ends. */
export class ReplayStrategy implements Strategy {
  readonly pruned = 0
  readonly isExhaustive = false
  readonly hasDiverged = false
  readonly observer = null
  /** Whether the program came to the same choices: not so if it was changed since. */
  isFaithful = true
  /** What was done so far. */
  readonly stretches: Array<Stretch> = []
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

  schedule(processes: ReadonlyArray<number>, isPreemption: boolean): number {
    const index = processes.length === 1 ? 0 : this.#next(processes.length)
    const preempted = isPreemption && index > 0 ? processes[0] : undefined
    this.stretches.push({ process: processes[index]!, preempted, choices: [] })
    return index
  }

  choose(n: number): number {
    const choice = this.#next(n)
    this.stretches.at(-1)?.choices.push(choice)
    return choice
  }

  #next(n: number): number {
    const decision = this.#decisions[this.#at++] ?? 0
    if (decision < n) return decision
    this.isFaithful = false
    return 0
  }

  end(): void {
    if (this.#at < this.#decisions.length) this.isFaithful = false
  }
}
