/**
 * Looks at objects without running anything of the program's: no getter, no trap of a Proxy, no method of theirs.
 *
 * Whether an object is a Proxy only the host knows. Where it does not say, no object is looked into.
 */
import type * as Util from "node:util"
import { node } from "./node.ts"

export type HostTypes = typeof Util.types

/** Null where the host does not tell proxies from what they stand for. */
export function hostTypes(): HostTypes | null {
  try {
    const { types } = node.util
    return types.isProxy(new Proxy({}, {})) && !types.isProxy({}) ? types : null
  } catch {
    return null
  }
}

export function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function"
}

/** Reads properties that are an object's own, and plain. */
export class OwnData {
  #types: HostTypes | null | undefined

  /** Without `types` the host is asked at the first use: when the agent's text is evaluated, its modules may be half loaded. */
  constructor(types?: HostTypes | null) {
    this.#types = types
  }

  /** Undefined for what is inherited, computed, or of a Proxy. */
  get(object: unknown, key: string): unknown {
    if (this.#types === undefined) this.#types = hostTypes()
    if (!isObject(object) || this.#types === null || this.#types.isProxy(object)) return undefined
    return Object.getOwnPropertyDescriptor(object, key)?.value
  }
}
