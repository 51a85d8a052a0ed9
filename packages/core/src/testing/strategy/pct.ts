import { Random } from "../../random.ts"
import type { Strategy } from "../strategy.ts"
import { streamOf } from "./random.ts"

/** After this many times the usual number of steps a spin loop may be starving the one it waits for. */
const fairAfter = 4

/**
 * PCT: every process has a random priority, and the highest runs; at `depth - 1` random steps the one that runs falls below all others.
 *
 * A bug that needs `depth` steps in a certain order is found with probability 1/(n * k^(depth - 1)) at least, for n processes and k steps;
 * k is the longest schedule so far. Where strict priorities starve whoever must end a spin, the choice is random after a while.
 *
 * @see Burckhardt et al., "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs" (2010)
 */
export class PctStrategy implements Strategy {
  readonly pruned = 0
  readonly isExhaustive = false
  readonly hasDiverged = false
  readonly observer = null
  readonly #depth: number
  readonly #seed: number
  #schedules = 0
  #random = new Random(0)
  #steps = 0
  #longest = 0
  /** The steps at which priorities change, ascending, and how many of them have been. */
  #changes: Array<number> = []
  #changed = 0
  readonly #priorities = new Map<number, number>()

  constructor(depth: number, seed: number) {
    this.#depth = depth
    this.#seed = seed
  }

  begin(): boolean {
    this.#random = streamOf(this.#seed, this.#schedules++)
    this.#steps = 0
    this.#priorities.clear()
    this.#changed = 0
    this.#changes = []
    const length = Math.max(1, this.#longest)
    for (let i = 1; i < this.#depth; i++) this.#changes.push(1 + this.#random.below(length))
    this.#changes.sort((a, b) => a - b)
    return true
  }

  schedule(processes: ReadonlyArray<number>): number {
    this.#steps++
    if (processes.length === 1) return 0
    if (this.#longest > 0 && this.#steps > fairAfter * this.#longest) return this.#random.below(processes.length)
    let highest = this.#highest(processes)
    while (this.#changed < this.#changes.length && this.#changes[this.#changed]! <= this.#steps) {
      // Below all before it: the first priorities are positive.
      this.#priorities.set(processes[highest]!, -1 - this.#changed++)
      highest = this.#highest(processes)
    }
    return highest
  }

  choose(n: number): number {
    return this.#random.below(n)
  }

  end(): void {
    this.#longest = Math.max(this.#longest, Math.min(this.#steps, (this.#longest || Infinity) * fairAfter))
  }

  #highest(processes: ReadonlyArray<number>): number {
    let highest = 0
    for (let i = 1; i < processes.length; i++)
      if (this.#priority(processes[i]!) > this.#priority(processes[highest]!)) highest = i
    return highest
  }

  #priority(process: number): number {
    let priority = this.#priorities.get(process)
    if (priority === undefined) this.#priorities.set(process, (priority = 1 + this.#random.below(0x10000000)))
    return priority
  }
}
