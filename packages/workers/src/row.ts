/**
 * Row: things one behind another, each of which can leave at once, wherever it stands.
 *
 * Invariant: a member stands in one row at most; its links are null while it stands in none.
 */

/** The links are the member's own: standing in a row allocates nothing. */
export interface Member<T> {
  before: T | null
  behind: T | null
}

export class Row<T extends Member<T>> {
  #first: T | null = null
  #last: T | null = null
  #length = 0

  get length(): number {
    return this.#length
  }

  get first(): T | null {
    return this.#first
  }

  push(member: T): void {
    const last = this.#last
    member.before = last
    if (last === null) this.#first = member
    else last.behind = member
    this.#last = member
    this.#length++
  }

  /** To the front. */
  unshift(member: T): void {
    const first = this.#first
    member.behind = first
    if (first === null) this.#last = member
    else first.before = member
    this.#first = member
    this.#length++
  }

  shift(): T | undefined {
    const first = this.#first
    if (first === null) return undefined
    this.remove(first)
    return first
  }

  /** Of this row's members only. */
  remove(member: T): void {
    const { before, behind } = member
    if (before === null) this.#first = behind
    else before.behind = behind
    if (behind === null) this.#last = before
    else behind.before = before
    member.before = null
    member.behind = null
    this.#length--
  }

  find(isWanted: (member: T) => boolean): T | undefined {
    for (let member = this.#first; member !== null; member = member.behind) if (isWanted(member)) return member
    return undefined
  }
}
