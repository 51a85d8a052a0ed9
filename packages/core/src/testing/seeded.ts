import type { Goroutine } from "../goroutine.ts"
import { InvalidOption } from "../invalid-option.ts"
import type { Plugin } from "../plugin.ts"
import { Random } from "../random.ts"
import type { Scheduler } from "../scheduler.ts"

class SeededScheduler implements Scheduler {
  readonly #runnable: Array<Goroutine> = []
  readonly #random: Random

  constructor(seed: number) {
    this.#random = new Random(seed)
  }

  get length(): number {
    return this.#runnable.length
  }
  push(goroutine: Goroutine): void {
    this.#runnable.push(goroutine)
  }
  pushWoken(goroutine: Goroutine): void {
    this.#runnable.push(goroutine)
  }
  next(): Goroutine | undefined {
    const all = this.#runnable
    if (all.length === 0) return undefined
    const at = this.#random.below(all.length)
    const goroutine = all[at]!
    const last = all.pop()!
    if (at < all.length) all[at] = last
    return goroutine
  }
  choose(n: number): number {
    return this.#random.below(n)
  }
}

/**
 * Runs goroutines, and takes ready select cases, in an order that the seed decides: the same seed, the same order.
 *
 * Errors: `InvalidOption` unless the seed is a whole number.
 *
 * @example
 * for (let seed = 0; seed < 1000; seed++) await run(main, { plugins: [seeded(seed), virtualTime()] })
 *
 * @since 0.1.0
 */
export function seeded(seed: number): Plugin {
  if (!Number.isSafeInteger(seed)) throw new InvalidOption("seeded", "seed", seed, "a whole number")
  return { name: "seeded", setup: (runtime) => runtime.setScheduler(new SeededScheduler(seed)) }
}
