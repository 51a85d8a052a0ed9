/**
 * Numbers strings. What is new since the last `takeNew` has to be sent before it is named.
 *
 * A program that makes up texts without end must not make the table grow without end, and what it says last matters most. So the table is in two parts: when the new one is full it
 * becomes the old one, and what was the old one is forgotten. Numbers are never used again.
 */
const mostStrings = 32_768
const mostCharacters = 2_000_000
const longest = 2000

export interface NumberedStrings {
  /** The number of the first of them; the others follow. */
  readonly first: number
  readonly strings: ReadonlyArray<string>
}

interface Part {
  readonly first: number
  readonly strings: Array<string>
  sent: number
}

export class Strings {
  /** Called when the old part has been forgotten: what names its strings can't be read any more. */
  onForgotten: () => void = () => undefined
  readonly #numbers = new Map<string, number>()
  #old: Part = { first: 1, strings: [], sent: 0 }
  #new: Part = { first: 1, strings: [], sent: 0 }
  #characters = 0

  /** 0 for none. */
  numberOf(string: string | undefined): number {
    if (string === undefined || string === "") return 0
    return this.#numbers.get(string) ?? this.#add(string)
  }

  #add(string: string): number {
    if (this.#new.strings.length >= mostStrings || this.#characters >= mostCharacters) this.#renew()
    const text = string.length <= longest ? string : `${string.slice(0, longest)}…`
    this.#characters += text.length
    const number = this.#new.first + this.#new.strings.push(text) - 1
    // The whole one: another that begins like it is another.
    this.#numbers.set(string, number)
    return number
  }

  #renew(): void {
    this.#old = this.#new
    this.#new = { first: this.#old.first + this.#old.strings.length, strings: [], sent: 0 }
    this.#numbers.clear()
    this.#characters = 0
    this.onForgotten()
  }

  /** Those not yet sent. */
  takeNew(): NumberedStrings | undefined {
    const { first, sent } = this.#old.sent < this.#old.strings.length ? this.#old : this.#new
    const strings = [...this.#old.strings.slice(this.#old.sent), ...this.#new.strings.slice(this.#new.sent)]
    this.#old.sent = this.#old.strings.length
    this.#new.sent = this.#new.strings.length
    return strings.length === 0 ? undefined : { first: first + sent, strings }
  }

  /** All will be sent again. */
  rewind(): void {
    this.#old.sent = 0
    this.#new.sent = 0
  }

  /** All that can be named. */
  all(): NumberedStrings {
    const { first, strings } = this.#old
    return { first, strings: [...strings, ...this.#new.strings] }
  }
}
