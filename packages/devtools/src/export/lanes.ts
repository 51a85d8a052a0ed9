/**
 * Puts spans on as few lanes as it takes for them to nest on each.
 *
 * Spans come in order of their beginnings, the longer one first where these are the same.
 */
export class Lanes {
  /** For each lane the ends of what is open, the innermost last. */
  readonly #open: Array<Array<number>> = []

  /** The lane for it, from 0 on. */
  lane(begin: number, end: number): number {
    for (const [lane, ends] of this.#open.entries()) {
      while (ends.length > 0 && ends[ends.length - 1]! <= begin) ends.pop()
      if (ends.length > 0 && ends[ends.length - 1]! < end) continue
      ends.push(end)
      return lane
    }
    return this.#open.push([end]) - 1
  }
}
