/** Keeps the longest of many stretches, longest first. */
export class Longest {
  readonly #most: number
  readonly #kept: Array<{ readonly nanos: number; readonly thread: number; readonly row: number }> = []

  constructor(most: number) {
    this.#most = most
  }

  /** `row` says which one it was. */
  offer(nanos: number, thread: number, row: number): void {
    const kept = this.#kept
    // Also false for NaN: what is not known is not long.
    if (!(kept.length < this.#most ? nanos > 0 : nanos > kept[kept.length - 1]!.nanos)) return
    const at = kept.findIndex((other) => other.nanos < nanos)
    kept.splice(at === -1 ? kept.length : at, 0, { nanos, thread, row })
    if (kept.length > this.#most) kept.pop()
  }

  get list(): ReadonlyArray<{ readonly nanos: number; readonly thread: number; readonly row: number }> {
    return this.#kept
  }
}
