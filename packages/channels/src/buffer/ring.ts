/**
 * Ring: a queue of values in a power of two of slots, which grows up to what is needed and shrinks again when a burst is over.
 *
 * Invariants:
 *   1. slots.length is a power of two; the values are at head, head + 1, ... head + length - 1, each masked.
 *   2. A slot without a value is undefined: a value that was taken is not kept.
 */
const initialSlots = 8
/** A ring that ran empty keeps this many slots at most. */
const keptSlots = 1024

export class Ring<T> {
  length = 0
  #slots: Array<T | undefined> = new Array<T | undefined>(initialSlots).fill(undefined)
  #mask = initialSlots - 1
  #head = 0

  push(value: T): void {
    if (this.length > this.#mask) this.#resize(this.length * 2)
    this.#slots[(this.#head + this.length) & this.#mask] = value
    this.length++
  }

  /** Takes back what was pushed last. */
  unpush(): void {
    this.length--
    this.#slots[(this.#head + this.length) & this.#mask] = undefined
  }

  /** Puts a value before the oldest. */
  unshift(value: T): void {
    if (this.length > this.#mask) this.#resize(this.length * 2)
    this.#head = (this.#head - 1) & this.#mask
    this.#slots[this.#head] = value
    this.length++
  }

  /** Takes the oldest value; only while length > 0. */
  shift(): T {
    const head = this.#head
    const value = this.#slots[head]
    this.#slots[head] = undefined
    this.#head = (head + 1) & this.#mask
    if (--this.length === 0 && this.#mask >= keptSlots) this.#resize(initialSlots)
    return value as T
  }

  /** The oldest value but `i`; only while i < length. For who looks at the channel from outside. */
  at(i: number): T {
    return this.#slots[(this.#head + i) & this.#mask] as T
  }

  #resize(size: number): void {
    const slots = new Array<T | undefined>(size).fill(undefined)
    for (let i = 0; i < this.length; i++) slots[i] = this.#slots[(this.#head + i) & this.#mask]
    this.#slots = slots
    this.#mask = size - 1
    this.#head = 0
  }
}
