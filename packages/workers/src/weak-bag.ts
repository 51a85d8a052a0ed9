/** A set that keeps nothing alive, and that can be gone through. */
export class WeakBag<T extends object> {
  readonly #known = new WeakSet<T>()
  #refs: Array<WeakRef<T>> = []
  #sweepAt = 64

  add(item: T): void {
    if (this.#known.has(item)) return
    this.#known.add(item)
    if (this.#refs.length >= this.#sweepAt) {
      this.#refs = this.#refs.filter((ref) => ref.deref() !== undefined)
      this.#sweepAt = Math.max(64, this.#refs.length * 2)
    }
    this.#refs.push(new WeakRef(item))
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (const ref of this.#refs) {
      const item = ref.deref()
      if (item !== undefined) yield item
    }
  }
}
