import type { Strategy } from "../strategy.ts"
import type { Stretch } from "./replay.ts"

/**
 * Lets processes run in a wanted order as far as they can: of the stretches that are left the first whose process can run takes its turn.
 * Where there is none, the default one does.
 */
export class FollowStrategy implements Strategy {
  readonly pruned = 0
  readonly isExhaustive = false
  readonly hasDiverged = false
  readonly observer = null
  /** What was done. */
  readonly stretches: Array<Stretch> = []
  readonly #wanted: Array<Stretch>
  #choices: ReadonlyArray<number> = []

  constructor(wanted: ReadonlyArray<Stretch>) {
    this.#wanted = [...wanted]
  }

  begin(): boolean {
    return this.stretches.length === 0
  }

  schedule(processes: ReadonlyArray<number>, isPreemption: boolean): number {
    const at = this.#wanted.findIndex(({ process }) => processes.includes(process))
    const [wanted] = at < 0 ? [] : this.#wanted.splice(at, 1)
    const index = wanted === undefined ? 0 : processes.indexOf(wanted.process)
    this.#choices = wanted?.choices ?? []
    const preempted = isPreemption && index > 0 ? processes[0] : undefined
    this.stretches.push({ process: processes[index]!, preempted, choices: [] })
    return index
  }

  choose(n: number): number {
    const choices = this.stretches.at(-1)?.choices ?? []
    const wanted = this.#choices[choices.length] ?? 0
    const choice = wanted < n ? wanted : 0
    choices.push(choice)
    return choice
  }

  end(): void {}
}
