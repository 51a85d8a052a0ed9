/**
 * ResultsOut: what a thread's tasks ended with, until it is sent: many to a message.
 *
 * Invariant: results and what was transferred with them go in one message, once.
 */
import { GoroutineInterrupted, isFailure } from "@weft/core"
import { Packer } from "./carry/carrier.ts"
import { packError } from "./carry/error.ts"
import { flush as flushHub } from "./channels/hub.ts"
import type { ThreadSide } from "./platform/platform.ts"
import { Ended, FromThread, valueIsCarried } from "./wire.ts"

const mostAtOnce = 64

export class ResultsOut {
  readonly #side: ThreadSide
  /** (slot, code, value)* */
  #results: Array<unknown> = []
  #transfer: Array<object> = []

  constructor(side: ThreadSide) {
    this.#side = side
  }

  get isEmpty(): boolean {
    return this.#results.length === 0
  }

  get isFull(): boolean {
    return this.#results.length >= mostAtOnce * 3
  }

  add(slot: number, code: number, value: unknown): void {
    this.#results.push(slot, code, value)
  }

  returned(slot: number, taskName: string, value: unknown): void {
    const type = typeof value
    if (value === undefined || type === "number" || type === "string" || type === "boolean")
      return this.add(slot, Ended.Returned, value)
    try {
      const packer = new Packer(taskName, this.#side.boot.parent)
      const packed = packer.pack(value, "its result")
      if (packer.transfer.length > 0) this.#transfer.push(...packer.transfer)
      this.add(slot, packed.isCarried ? Ended.Returned | valueIsCarried : Ended.Returned, packed.value)
    } catch (error) {
      this.add(slot, Ended.Panicked, packError(error))
    }
  }

  threw(slot: number, error: unknown): void {
    if (error instanceof GoroutineInterrupted) this.add(slot, Ended.Interrupted, undefined)
    else this.add(slot, isFailure(error) ? Ended.Failed : Ended.Panicked, packError(error))
  }

  /** Sends them, with how far the thread is and how long it was busy with them. */
  flush(consumed: number, busyMillis: number): void {
    // What tasks have said before they ended comes before their end, or those who wait for it seem to wait for nobody.
    flushHub()
    const results = this.#results
    const transfer = this.#transfer
    this.#results = []
    this.#transfer = []
    try {
      this.#side.post([FromThread.Results, consumed, busyMillis, ...results], transfer)
    } catch {
      this.#sendApart(results, consumed, busyMillis)
    }
  }

  /** A result that the host can't clone must not take the others with it. */
  #sendApart(results: ReadonlyArray<unknown>, consumed: number, busyMillis: number): void {
    const head = [FromThread.Results, consumed, busyMillis / (results.length / 3)]
    for (let i = 0; i < results.length; i += 3) {
      try {
        this.#side.post([...head, ...results.slice(i, i + 3)], [])
      } catch (error) {
        this.#side.post([...head, results[i], Ended.Panicked, packError(error)], [])
      }
    }
  }
}
