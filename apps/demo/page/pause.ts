/** Pause: a gate that somebody opens and closes. */
import { chan, type Channel } from "@weft/channels"

export class Pause {
  #closed: Channel<void> | undefined

  get isPaused(): boolean {
    return this.#closed !== undefined
  }

  toggle(): void {
    this.#closed?.close() // lets everybody through
    this.#closed = this.#closed === undefined ? chan<void>() : undefined
  }

  *passed() {
    while (this.#closed !== undefined) yield* this.#closed.receive()
  }
}
