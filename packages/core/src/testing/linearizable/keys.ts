import { Thrown } from "./operation.ts"

/**
 * Keys: a string for every value, the same exactly for values that hold the same.
 *
 * Arrays, plain objects, maps, sets, dates, buffers of bytes and primitives go by what they hold; all else goes by identity, as an object
 * may keep private what makes it another.
 *
 * Invariant: two values that differ never have one key, else a state that was never looked at would pass for one that was.
 */
export class Keys {
  readonly #identities = new Map<unknown, number>()
  /** Around the value that is being written, so that one which holds itself comes to an end. */
  readonly #around: Array<object> = []

  of(value: unknown): string {
    switch (typeof value) {
      case "string":
        return JSON.stringify(value)
      case "bigint":
        return `${value}n`
      case "number":
      case "boolean":
      case "undefined":
        return String(value)
      case "object":
        return value === null ? "null" : this.#ofObject(value)
      default:
        return this.#identity(value)
    }
  }

  #ofObject(value: object): string {
    const depth = this.#around.indexOf(value)
    if (depth >= 0) return `^${depth}`
    this.#around.push(value)
    try {
      return this.#content(value)
    } finally {
      this.#around.pop()
    }
  }

  #content(value: object): string {
    if (Array.isArray(value)) return `[${value.map((each) => this.of(each)).join()}]`
    if (value instanceof Map)
      return `Map{${[...value]
        .map(([key, each]) => `${this.of(key)}:${this.of(each)}`)
        .sort()
        .join()}}`
    if (value instanceof Set)
      return `Set{${[...value]
        .map((each) => this.of(each))
        .sort()
        .join()}}`
    if (value instanceof Date) return `Date(${value.getTime()})`
    if (value instanceof Thrown) return `throws ${value.name}`
    if (value instanceof Uint8Array) return `${value.constructor.name}[${value.join()}]`
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) return this.#identity(value)
    // An absent property and an undefined one are the same to whoever reads it.
    const entries = Object.entries(value).filter(([, each]) => each !== undefined)
    return `{${entries
      .map(([key, each]) => `${JSON.stringify(key)}:${this.of(each)}`)
      .sort()
      .join()}}`
  }

  #identity(value: unknown): string {
    let id = this.#identities.get(value)
    if (id === undefined) this.#identities.set(value, (id = this.#identities.size))
    return `#${id}`
  }
}
