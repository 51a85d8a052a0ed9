/** InOrder: gives outcomes back in the order of their URLs, holding those that come too early. */
import type { Outcome } from "./outcome.ts"

export class InOrder {
  readonly #early = new Map<number, Outcome>()
  #next = 0

  /** Those whose turn it is, now that `outcome` is there. */
  add(outcome: Outcome): Array<Outcome> {
    this.#early.set(outcome.index, outcome)
    const due: Array<Outcome> = []
    for (let next = this.#early.get(this.#next); next !== undefined; next = this.#early.get(this.#next)) {
      this.#early.delete(this.#next)
      this.#next += 1
      due.push(next)
    }
    return due
  }

  /** Whatever is left, when one before them will never come. */
  rest(): Array<Outcome> {
    const left = [...this.#early.values()].sort((a, b) => a.index - b.index)
    this.#early.clear()
    return left
  }
}
