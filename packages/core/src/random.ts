/**
 * xorshift32 with a multiplicative range: fast, seeded, and good enough to be fair (not for secrets).
 *
 * @see Marsaglia, "Xorshift RNGs" (2003); Lemire, "Fast Random Integer Generation in an Interval" (2019)
 */
export class Random {
  #state: number

  constructor(seed: number) {
    // Zero is the one state xorshift never leaves.
    this.#state = seed | 0 || 0x9e3779b9 | 0
  }

  /** 0 to n - 1. */
  below(n: number): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    // In integers where that suffices: a select draws for every case it polls.
    return n <= 1024 ? ((x >>> 16) * n) >>> 16 : ((x >>> 0) * n * 2 ** -32) | 0
  }
}
