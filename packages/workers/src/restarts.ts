/**
 * How often threads may crash before their pool gives up.
 *
 * @see OTP: restart intensity
 */
export class Restarts {
  readonly #times: number
  readonly #millis: number
  #crashes: Array<number> = []

  constructor(times: number, millis: number) {
    this.#times = times
    this.#millis = millis
  }

  /** Notes a crash; false: it is one too many. */
  allow(at: number): boolean {
    this.#crashes = this.#crashes.filter((crash) => crash > at - this.#millis)
    this.#crashes.push(at)
    return this.#crashes.length <= this.#times
  }
}
