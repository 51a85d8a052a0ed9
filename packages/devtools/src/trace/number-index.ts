/**
 * From numbers that are given out in order to rows, without hashing.
 *
 * Memory: four bytes a number, by pages of those that occur; a stray number costs a page, never all up to it.
 */
export class NumberIndex {
  readonly #pages: Array<Int32Array | undefined> = []

  /** The row, or -1. `number` is taken as unsigned, 32 bits. */
  get(number: number): number {
    const page = this.#pages[number >>> PAGE_BITS]
    return page === undefined ? -1 : page[number & PAGE_MASK]! - 1
  }

  set(number: number, row: number): void {
    const at = number >>> PAGE_BITS
    const page = (this.#pages[at] ??= new Int32Array(PAGE_MASK + 1))
    page[number & PAGE_MASK] = row + 1
  }
}

const PAGE_BITS = 12
const PAGE_MASK = (1 << PAGE_BITS) - 1
