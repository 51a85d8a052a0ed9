/**
 * Graces: interrupted calls that a thread still runs, each with what ends its thread if it does not give way.
 *
 * Invariant: a call is in here from its interruption until it is over. As long the process stays up, and whoever waits here is kept awake: the thread may
 * be asleep for good in a `finally` block, and that it is ended then is what all wait for.
 */
import { type Processor, toMillis } from "@weft/core"
import type { Call } from "./call.ts"
import { afterGrace } from "./host.ts"

const graceMillis = 1000

export const graceOf = ({ options: { grace } }: Call): number => (grace === undefined ? graceMillis : toMillis(grace))

interface Grace {
  /** Of the goroutine that waits for the end. */
  readonly processor: Processor
  readonly stop: () => void
}

export class Graces {
  readonly #graces = new Map<Call, Grace>()

  get isEmpty(): boolean {
    return this.#graces.size === 0
  }

  /** Of a call that is still waited for. */
  begin(call: Call, millis: number, isOver: () => void): void {
    this.#graces.set(call, { processor: call.waiter!.processor, stop: afterGrace(isOver, millis, true) })
  }

  /** Whose wait is over with it; undefined: the call was not interrupted. */
  end(call: Call): Processor | undefined {
    const grace = this.#graces.get(call)
    if (grace === undefined) return undefined
    this.#graces.delete(call)
    grace.stop()
    return grace.processor
  }
}
