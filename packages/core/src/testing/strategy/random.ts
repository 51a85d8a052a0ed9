import { Random } from "../../random.ts"
import type { Strategy } from "../strategy.ts"

/** Each alternative is as likely as the others. */
export class RandomStrategy implements Strategy {
  readonly pruned = 0
  readonly isExhaustive = false
  readonly hasDiverged = false
  readonly observer = null
  readonly #seed: number
  #schedules = 0
  #random = new Random(0)

  constructor(seed: number) {
    this.#seed = seed
  }

  begin(): boolean {
    this.#random = streamOf(this.#seed, this.#schedules++)
    return true
  }

  schedule(processes: ReadonlyArray<number>): number {
    return processes.length === 1 ? 0 : this.#random.below(processes.length)
  }

  choose(n: number): number {
    return this.#random.below(n)
  }

  end(): void {}
}

/** Random numbers for the k-th schedule: neighbouring seeds must not give the same streams one later. */
export function streamOf(seed: number, k: number): Random {
  const random = new Random(Math.imul(seed + 1, 0x85ebca6b) ^ Math.imul(k + 1, 0xc2b2ae35))
  // xorshift needs a few rounds until a seed of few bits has spread.
  for (let i = 0; i < 4; i++) random.below(2)
  return random
}
