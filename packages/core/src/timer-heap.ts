/**
 * A 4-ary min-heap of timers. The times stand in an array of their own, so that comparing reads no object.
 *
 * Invariants:
 *   1. entry.index is its place, or -1 when it stands in no heap.
 *   2. times[i] is entries[i].when; a parent is never due after its children; equal times fire in the order they were added.
 */
export abstract class TimerEntry {
  /** When it fires, by the processor's clock. */
  when = 0
  index = -1
  order = 0

  abstract fire(): void
}

export class TimerHeap {
  readonly #entries: Array<TimerEntry> = []
  // Small enough for V8 to keep on its own heap: a run of its own processor should cost nothing to start.
  #times = new Float64Array(8)
  #order = 0

  get size(): number {
    return this.#entries.length
  }

  /** The earliest time, or Infinity. */
  get next(): number {
    return this.#entries.length === 0 ? Infinity : this.#times[0]!
  }

  add(entry: TimerEntry, when: number): void {
    const at = this.#entries.length
    if (at === this.#times.length) {
      const grown = new Float64Array(at * 2)
      grown.set(this.#times)
      this.#times = grown
    }
    entry.when = when
    entry.order = this.#order++
    this.#entries.push(entry)
    this.#up(at, entry)
  }

  remove(entry: TimerEntry): void {
    const at = entry.index
    if (at < 0) return
    entry.index = -1
    const last = this.#entries.pop()!
    if (last === entry) return
    if (at > 0 && this.#before(last, (at - 1) >> 2)) this.#up(at, last)
    else this.#down(at, last)
  }

  /** Takes out the earliest entry if it is due at `now`. */
  takeDue(now: number): TimerEntry | undefined {
    if (this.#entries.length === 0 || this.#times[0]! > now) return undefined
    const entry = this.#entries[0]!
    this.remove(entry)
    return entry
  }

  #before(entry: TimerEntry, at: number): boolean {
    const time = this.#times[at]!
    return entry.when < time || (entry.when === time && entry.order < this.#entries[at]!.order)
  }

  #place(entry: TimerEntry, at: number): void {
    this.#entries[at] = entry
    this.#times[at] = entry.when
    entry.index = at
  }

  #up(from: number, entry: TimerEntry): void {
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 2
      if (!this.#before(entry, parent)) break
      this.#place(this.#entries[parent]!, at)
      at = parent
    }
    this.#place(entry, at)
  }

  #down(from: number, entry: TimerEntry): void {
    const length = this.#entries.length
    let at = from
    for (;;) {
      const first = at * 4 + 1
      if (first >= length) break
      let least = first
      for (let child = first + 1; child < Math.min(first + 4, length); child++) {
        if (this.#before(this.#entries[child]!, least)) least = child
      }
      if (this.#before(entry, least)) break
      this.#place(this.#entries[least]!, at)
      at = least
    }
    this.#place(entry, at)
  }
}
