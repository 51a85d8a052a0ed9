/**
 * Copies of values with something else in some places, which keep what structured clone keeps.
 */
import { Transfer } from "../transfer.ts"
import { hasJustItems } from "./plain-data.ts"

export type Again = (item: unknown) => unknown

/** `instead` says what stands for each object, once. What is in a copy is copied after it, as a stack may be too short for what is deep. */
export function rebuilt(
  value: unknown,
  done: Map<object, unknown>,
  instead: (item: object, again: Again, copy: (item: object) => unknown) => unknown,
): unknown {
  const toFill: Array<readonly [object, object]> = []
  const copy = (item: object): unknown => {
    const empty = emptyCopyOf(item)
    if (empty !== item) toFill.push([empty, item])
    return empty
  }
  const again: Again = (item) => {
    if ((typeof item !== "object" && typeof item !== "function") || item === null) return item
    if (item instanceof Transfer) return again(item.value)
    if (!done.has(item)) done.set(item, instead(item, again, copy))
    return done.get(item)
  }
  const result = again(value)
  for (const [empty, item] of toFill) fill(empty, item, again)
  return result
}

function emptyCopyOf(value: object): object {
  if (Array.isArray(value)) return []
  if (value instanceof Map) return new Map()
  if (value instanceof Set) return new Set()
  const isWhole = ArrayBuffer.isView(value) || cloned.has(Object.prototype.toString.call(value).slice(8, -1))
  return isWhole || typeof value === "function" ? value : {}
}

function fill(copy: object, value: object, again: Again): void {
  if (value instanceof Map)
    for (const [key, item] of value) (copy as Map<unknown, unknown>).set(again(key), again(item))
  // Not by its keys, which are texts: a third of the time.
  else if (Array.isArray(value) && hasJustItems(value))
    for (const item of value) (copy as Array<unknown>).push(again(item))
  else if (value instanceof Set) for (const item of value) (copy as Set<unknown>).add(again(item))
  else {
    for (const key of Object.keys(value)) {
      const item = again((value as Record<string, unknown>)[key])
      // By the setter it would be a prototype.
      if (key === "__proto__") Object.defineProperty(copy, key, { ...ownField, value: item })
      else (copy as Record<string, unknown>)[key] = item
    }
    if (Array.isArray(copy)) copy.length = (value as ReadonlyArray<unknown>).length
  }
}

const ownField = { configurable: true, enumerable: true, writable: true }

/** What structured clone knows by itself: not to be looked into. Others that it knows go the same way unless they have fields of their own. */
export const cloned: ReadonlySet<string> = new Set([
  "Date",
  "RegExp",
  "Error",
  "ArrayBuffer",
  "SharedArrayBuffer",
  "DataView",
  "Boolean",
  "Number",
  "String",
  "BigInt",
  "MessagePort",
  "ReadableStream",
  "WritableStream",
  "TransformStream",
  "Blob",
  "File",
  "ImageData",
  "ImageBitmap",
  "OffscreenCanvas",
  "CryptoKey",
  "DOMException",
  "WebAssembly.Module",
])
