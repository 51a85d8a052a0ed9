/**
 * The ledger and the stock, each with its lock: whoever changes both holds both.
 *
 * The entries lie in shared memory, where other threads can read them without a copy.
 */
import { Mutex } from "@weft/sync"

/** A power of two, as the oldest entries are written over. */
const CAPACITY = 2 ** 16

export class Books {
  readonly ledger = new Mutex()
  readonly stock = new Mutex()
  /** In cents; what was bought is negative. */
  readonly entries = new Float64Array(new SharedArrayBuffer(CAPACITY * Float64Array.BYTES_PER_ELEMENT))
  #count = 0
  #metresOfYarn = 50_000

  constructor() {
    for (let i = 0; i < CAPACITY; i++) this.enter(500 + ((i * 7919) % 4000)) // years of business
  }

  get metresOfYarn(): number {
    return this.#metresOfYarn
  }

  /** With the ledger locked. Answers the number of the entry. */
  enter(cents: number): number {
    this.entries[this.#count & (CAPACITY - 1)] = cents
    return ++this.#count
  }

  /** With the stock locked. */
  move(metres: number): void {
    this.#metresOfYarn += metres
  }
}
