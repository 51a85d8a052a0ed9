/**
 * Numbers what goroutines wait on: channels, locks. Holds none of it.
 */
import type { Op } from "@weft/core"

export class Objects {
  readonly #numbers = new WeakMap<object, number>()
  #last = 0
  readonly #onNew: (object: object, number: number, op: Op<unknown, unknown>) => void

  constructor(onNew: (object: object, number: number, op: Op<unknown, unknown>) => void = () => undefined) {
    this.#onNew = onNew
  }

  /** Undefined where it has none yet. */
  known(object: object): number | undefined {
    return this.#numbers.get(object)
  }

  /** `op` is one that waits on it. */
  numberOf(object: object, op: Op<unknown, unknown>): number {
    const number = this.#numbers.get(object)
    if (number !== undefined) return number
    this.#numbers.set(object, ++this.#last)
    this.#onNew(object, this.#last, op)
    return this.#last
  }
}

/** What an object is, as those who wait on it call it: a bundler may have renamed its class. */
export function kindOf(object: object, op: Op<unknown, unknown>): string {
  // A select calls everything "select"; its case knows.
  const { cases } = op as { readonly cases?: Readonly<Record<string, Op<unknown, unknown>>> }
  const own = cases === undefined ? undefined : Object.values(cases).find(({ on }) => on === object)
  if (own !== undefined) return kindOf(object, own)
  const [, word] = /^(?:sync\.)?(\w+)/.exec(op.name) ?? []
  if (word === "chan" || "capacity" in object) return "channel"
  if (word === undefined || word === "select")
    return (object.constructor as { name?: string } | undefined)?.name ?? "object"
  return word
}

/** How many values a channel can hold; undefined for anything else, and for one whose capacity can't be told from here. */
export function capacityOf(object: object): number | undefined {
  try {
    const { capacity } = object as { capacity?: unknown }
    return typeof capacity === "number" ? capacity : undefined
  } catch {
    return undefined
  }
}

/** How many values a channel holds. */
export function lengthOf(object: object): number | undefined {
  try {
    const { length } = object as { length?: unknown }
    return typeof length === "number" ? length : undefined
  } catch {
    return undefined
  }
}
