/**
 * ResultsOut: what a thread's tasks ended with, until it is sent: many to a message.
 *
 * Invariants:
 *   1. Results and what was transferred with them go in one message, once.
 *   2. A result goes as it was when its task ended, and shares nothing with others: a small one waits as a copy, as does what an error holds; another
 *      one is sent at once.
 */
import { GoroutineInterrupted, isFailure } from "@weft/core"
import { Packer } from "./carry/carrier.ts"
import { packError } from "./carry/error.ts"
import { isPlainData } from "./carry/plain-data.ts"
import { copied } from "./carry/rebuilt.ts"
import { notSent } from "./carry/not-sent.ts"
import { flush as flushHub } from "./channels/hub.ts"
import type { ThreadSide } from "./platform/platform.ts"
import * as Ended from "./task-ended.ts"
import * as FromThread from "./from-thread.ts"
import { valueIsCarried, valueIsMoved } from "./wire.ts"

const mostAtOnce = 64
/** Of objects and items that a result may have to be copied rather than sent at once. */
const mostCopied = 64

export class ResultsOut {
  readonly #side: ThreadSide
  /** (slot, code, value)* */
  #results: Array<unknown> = []
  /** Of results that are objects: what has packed them, by their slot. */
  #packers = new Map<unknown, Packer>()
  /** One of them is what its task's module may have, and change. */
  #isUrgent = false

  constructor(side: ThreadSide) {
    this.#side = side
  }

  get isEmpty(): boolean {
    return this.#results.length === 0
  }

  /** Whether they have to be sent at once. */
  get isFull(): boolean {
    return this.#isUrgent || this.#results.length >= mostAtOnce * 3
  }

  add(slot: number, code: number, value: unknown): void {
    this.#results.push(slot, code, value)
  }

  returned(slot: number, taskName: string, value: unknown): void {
    const type = typeof value
    if (value === undefined || type === "number" || type === "string" || type === "boolean")
      return this.add(slot, Ended.Returned, value)
    try {
      if (isPlainData(value, mostCopied)) return this.add(slot, Ended.Returned, copied(value))
      this.#isUrgent = true
      const packer = new Packer(taskName, this.#side.boot.parent)
      const packed = packer.pack(value, "its result")
      const { transfer } = packer
      const code = packed.isCarried ? Ended.Returned | valueIsCarried : Ended.Returned
      this.#packers.set(slot, packer)
      if (transfer.length === 0) this.add(slot, code, packed.value)
      else this.add(slot, code | valueIsMoved, [packed.value, transfer])
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
    const packers = this.#packers
    this.#results = []
    this.#isUrgent = false
    if (packers.size > 0) this.#packers = new Map()
    try {
      const transfer = [...packers.values()].flatMap((packer) => packer.transfer)
      this.#side.post([FromThread.Results, consumed, busyMillis, ...results], transfer)
    } catch {
      this.#sendApart(results, packers, consumed, busyMillis)
    }
  }

  /** A result that the host can't clone must not take the others with it. */
  #sendApart(
    results: ReadonlyArray<unknown>,
    packers: ReadonlyMap<unknown, Packer>,
    consumed: number,
    busyMillis: number,
  ): void {
    const head = [FromThread.Results, consumed, busyMillis / (results.length / 3)]
    for (let i = 0; i < results.length; i += 3) {
      const packer = packers.get(results[i])
      const transfer = packer?.transfer ?? []
      try {
        this.#side.post([...head, ...results.slice(i, i + 3)], transfer)
      } catch (error) {
        packer?.release()
        const [code, value] = results.slice(i + 1) as [number, unknown]
        const result = (code & valueIsMoved) === 0 ? value : (value as ReadonlyArray<unknown>)[0]
        const refused = notSent(packer?.task ?? "", "its result", result, transfer, error)
        this.#side.post([...head, results[i], Ended.Panicked, packError(refused)], [])
      }
    }
  }
}
