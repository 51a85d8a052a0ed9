/**
 * Numbers strings. What is new since the last `takeNew` has to be sent before it is named.
 *
 * A program that makes up texts without end must not make the table grow without end, and what it says last matters most. So the table is in two parts: when the new one is full it
 * becomes the old one, and what was the old one is forgotten. Numbers are never used again. A table that lives no longer than one look at the program is not bounded: what it
 * forgot would be missing from the answer.
 */
interface Bounds {
  readonly strings: number
  readonly characters: number
  /** Of one string: it is cut. */
  readonly longest: number
}

const recorded: Bounds = { strings: 32_768, characters: 2_000_000, longest: 2000 }
const unbounded: Bounds = { strings: Infinity, characters: Infinity, longest: Infinity }

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
  readonly #bounds: Bounds

  private constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  /** Of a recorder, which may go on for months. */
  static ofRecorder(): Strings {
    return new Strings(recorded)
  }

  /** Of one look at the program. */
  static ofOneLook(): Strings {
    return new Strings(unbounded)
  }

  /** 0 for none. */
  numberOf(string: string | undefined): number {
    if (string === undefined || string === "") return 0
    return this.#numbers.get(string) ?? this.#add(string)
  }

  #add(string: string): number {
    const { characters, longest, strings } = this.#bounds
    if (this.#new.strings.length >= strings || this.#characters >= characters) this.#renew()
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
