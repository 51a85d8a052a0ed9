/** Every string of a trace once, whichever threads say it. 0 is no text. */
export class Texts {
  readonly list: Array<string> = [""]
  readonly #numbers = new Map([["", 0]])

  number(text: string): number {
    let number = this.#numbers.get(text)
    if (number === undefined) {
      number = this.list.length
      this.list.push(text)
      this.#numbers.set(text, number)
    }
    return number
  }
}
