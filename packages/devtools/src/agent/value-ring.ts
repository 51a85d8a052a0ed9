/**
 * ValueRing: texts of values, numbered from 1, the latest of them.
 *
 * Invariants:
 *   1. It holds at most `most.texts` texts and about `most.characters` characters; the oldest make room.
 *   2. One that had to go before it was taken is counted, once.
 */
export interface NumberedValues {
  /** The number of the first of them; the others follow. */
  readonly first: number
  readonly values: ReadonlyArray<string>
  /** How many were lost before these. */
  readonly dropped: number
}

const usual = { texts: 65_536, characters: 8_000_000 }

export class ValueRing {
  #texts: Array<string> = []
  /** Of `#texts`: those before it are gone. */
  #oldest = 0
  /** The number of the first in `#texts`. */
  #first = 1
  #characters = 0
  #dropped = 0
  readonly #most: typeof usual

  constructor(most: typeof usual = usual) {
    this.#most = most
  }

  /** Answers its number. */
  add(text: string): number {
    this.#texts.push(text)
    this.#characters += text.length
    const { characters, texts } = this.#most
    while (this.#texts.length - this.#oldest > texts || this.#characters > characters) this.#drop()
    return this.#first + this.#texts.length - 1
  }

  #drop(): void {
    this.#characters -= this.#texts[this.#oldest]!.length
    this.#texts[this.#oldest++] = ""
    this.#dropped++
    if (this.#oldest * 2 < this.#texts.length) return
    this.#texts = this.#texts.slice(this.#oldest)
    this.#first += this.#oldest
    this.#oldest = 0
  }

  /** Takes all of them out. Undefined: there is nothing to say. */
  take(): NumberedValues | undefined {
    if (this.#texts.length === 0 && this.#dropped === 0) return undefined
    const taken = { ...this.all(), dropped: this.#dropped }
    this.#first += this.#texts.length
    this.#texts = []
    this.#oldest = 0
    this.#characters = 0
    this.#dropped = 0
    return taken
  }

  /** A copy. Who asks for the latest has lost nothing. */
  all(): NumberedValues {
    return { first: this.#first + this.#oldest, values: this.#texts.slice(this.#oldest), dropped: 0 }
  }
}
