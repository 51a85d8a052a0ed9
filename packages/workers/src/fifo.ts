/** A queue: a ring whose size is a power of two and doubles when it is full. */
export class Fifo<T> {
  #slots: Array<T | undefined> = new Array<T | undefined>(16).fill(undefined)
  #head = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  push(item: T): void {
    if (this.#length === this.#slots.length) this.#grow()
    this.#slots[(this.#head + this.#length) & (this.#slots.length - 1)] = item
    this.#length++
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined
    const item = this.#slots[this.#head]
    this.#slots[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#slots.length - 1)
    this.#length--
    return item
  }

  peek(): T | undefined {
    return this.#length === 0 ? undefined : this.#slots[this.#head]
  }

  forEach(f: (item: T) => void): void {
    for (let i = 0; i < this.#length; i++) f(this.#slots[(this.#head + i) & (this.#slots.length - 1)] as T)
  }

  #grow(): void {
    const old = this.#slots
    const size = old.length
    const grown = new Array<T | undefined>(size * 2).fill(undefined)
    for (let i = 0; i < size; i++) grown[i] = old[(this.#head + i) & (size - 1)]
    this.#slots = grown
    this.#head = 0
  }
}
