/** A counting sort: rows of one goroutine side by side. */
export class ByGoroutine {
  readonly #offset: Int32Array
  readonly #order: Int32Array

  constructor(goroutine: Int32Array, goroutines: number) {
    this.#offset = new Int32Array(goroutines + 2)
    // One place further on than usual: -1 is nobody's, and comes first.
    for (const row of goroutine) this.#offset[row + 2]!++
    for (let i = 1; i < this.#offset.length; i++) this.#offset[i]! += this.#offset[i - 1]!
    const next = this.#offset.slice()
    this.#order = new Int32Array(goroutine.length)
    goroutine.forEach((row, at) => (this.#order[next[row + 1]!++] = at))
  }

  rows(goroutine: number): Int32Array {
    return this.#order.subarray(this.#offset[goroutine + 1], this.#offset[goroutine + 2])
  }
}
