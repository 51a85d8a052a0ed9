/** Numbers that nobody else has, from 1 on: 0 is none. */
export class Numbers {
  #last = 0

  next(): number {
    return ++this.#last
  }
}
