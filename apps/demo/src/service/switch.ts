/** A switch, and an op that waits until somebody turns it. */
import { chan } from "@weft/channels"
import type { Op } from "@weft/core"

export class Switch {
  #isOn = false
  #turned = chan<void>()

  get isOn(): boolean {
    return this.#isOn
  }

  turn(isOn: boolean): void {
    if (isOn === this.#isOn) return
    this.#isOn = isOn
    this.#turned.close() // a broadcast: everybody who waits for it hears it
    this.#turned = chan()
  }

  /** Ready when it is turned the next time. */
  get turned(): Op<unknown> {
    return this.#turned.receive()
  }
}
