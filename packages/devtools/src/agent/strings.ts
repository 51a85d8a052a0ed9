/**
 * Numbers strings, each once. What is new since the last `takeNew` has to be sent before it is named.
 *
 * A program that makes up names without end must not make the table grow without end: beyond `most` all are one.
 */
const most = 65_536
const overflow = "(more)"

export class Strings {
  readonly #numbers = new Map<string, number>()
  readonly #all: Array<string> = []
  #sent = 0

  /** 0 for none. */
  numberOf(string: string | undefined): number {
    if (string === undefined || string === "") return 0
    return this.#numbers.get(string) ?? this.#add(string)
  }

  #add(string: string): number {
    if (this.#all.length >= most && string !== overflow) return this.numberOf(overflow)
    const number = this.#all.push(string)
    this.#numbers.set(string, number)
    return number
  }

  /** Those not yet sent, and the number of the first. */
  takeNew(): { readonly first: number; readonly strings: ReadonlyArray<string> } | undefined {
    if (this.#sent === this.#all.length) return undefined
    const first = this.#sent + 1
    const strings = this.#all.slice(this.#sent)
    this.#sent = this.#all.length
    return { first, strings }
  }

  /** All will be sent again. */
  rewind(): void {
    this.#sent = 0
  }
}
