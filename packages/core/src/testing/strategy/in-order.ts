import type { Strategy } from "../strategy.ts"
import { streamOf } from "./random.ts"

/** Goroutines run on until they park, and then in the order in which they became runnable; a select's choice is fair. */
export class InOrderStrategy implements Strategy {
  readonly pruned = 0
  readonly isExhaustive = false
  readonly hasDiverged = false
  readonly observer = null
  readonly #seed: number
  #random = streamOf(0, 0)

  constructor(seed: number) {
    this.#seed = seed
    this.begin()
  }

  begin(): boolean {
    this.#random = streamOf(this.#seed, 0)
    return true
  }

  schedule(): number {
    return 0
  }

  choose(n: number): number {
    return this.#random.below(n)
  }

  end(): void {}
}
