/**
 * Values with something else in some places.
 *
 * Only what holds such a place, at any depth, is copied, by its fields. The rest stays as it is, for the host to clone or to refuse: there are things
 * that it knows and nobody here does (a KeyObject, an iterator), of which a copy by their fields would be an empty object.
 */
import { Transfer } from "../transfer.ts"
import { hasJustItems, isPrimitive } from "./plain-data.ts"

export type Again = (item: unknown) => unknown

/** `instead` has what stands for some objects; for a `Transfer` it is what that gives away. Nothing here recurs: for what is deep a stack may be too short. */
export function withInstead(value: unknown, instead: ReadonlyMap<unknown, unknown>): unknown {
  const holders = new Map<unknown, Array<object>>([[value, []]])
  const changed = new Set<unknown>()
  for (const item of holders.keys()) {
    if (instead.has(item) || item instanceof Transfer) changed.add(item)
    if (instead.has(item) || isPrimitive(item)) continue
    forEachPart(item as object, (part) => {
      if (isPrimitive(part)) return
      const known = holders.get(part)
      if (known === undefined) holders.set(part, [item as object])
      else known.push(item as object)
    })
  }
  for (const item of changed) for (const holder of holders.get(item)!) changed.add(holder)
  const copies = new Map<unknown, object>()
  for (const item of changed)
    if (!instead.has(item) && !(item instanceof Transfer)) copies.set(item, emptyCopyOf(item as object))
  const again: Again = (item) => {
    if (instead.has(item)) return instead.get(item)
    return item instanceof Transfer ? again(item.value) : (copies.get(item) ?? item)
  }
  for (const [item, copy] of copies) fill(copy, item as object, again)
  return again(value)
}

/** A copy of plain data. */
export function copied(value: unknown): unknown {
  const copies = new Map<unknown, object>()
  const again: Again = (item) => {
    if (isPrimitive(item)) return item
    const copy = copies.get(item) ?? emptyCopyOf(item as object)
    copies.set(item, copy)
    return copy
  }
  const copy = again(value)
  for (const [item, its] of copies) fill(its, item as object, again)
  return copy
}

/** Of what has come in a message, and is nobody else's: `make` makes what `is` to be made again, each once, and it is put into its place. */
export function remade<T>(
  value: unknown,
  is: (item: unknown) => item is T,
  make: (item: T, again: Again) => unknown,
): unknown {
  const made = new Map<unknown, unknown>()
  const again: Again = (item) => {
    if (!is(item)) return item
    if (!made.has(item)) made.set(item, make(item, again))
    return made.get(item)
  }
  if (isPrimitive(value) || is(value)) return again(value)
  const all = new Set<unknown>([value])
  for (const item of all) {
    let holds = false as boolean
    forEachPart(item as object, (part) => {
      if (is(part)) holds = true
      else if (!isPrimitive(part)) all.add(part)
    })
    if (holds) putInto(item as object, again)
  }
  return value
}

/** What structured clone finds in it. */
function forEachPart(value: object, each: (part: unknown) => void): void {
  if (value instanceof Transfer) each(value.value)
  else if (value instanceof Map)
    for (const [key, item] of value) {
      each(key)
      each(item)
    }
  else if (value instanceof Set) for (const item of value) each(item)
  // Not by its keys, which are texts: a third of the time.
  else if (Array.isArray(value) && hasJustItems(value)) for (const item of value) each(item)
  else if (!ArrayBuffer.isView(value) && !cloned.has(tagOf(value)))
    for (const key of Object.keys(value)) each((value as Record<string, unknown>)[key])
}

export const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1)

function emptyCopyOf(value: object): object {
  if (Array.isArray(value)) return []
  if (value instanceof Map) return new Map()
  return value instanceof Set ? new Set() : {}
}

function fill(copy: object, value: object, again: Again): void {
  if (value instanceof Map)
    for (const [key, item] of value) (copy as Map<unknown, unknown>).set(again(key), again(item))
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

/** A map or set anew, as what is made again may be a key, and has its place in the order. */
function putInto(value: object, again: Again): void {
  if (value instanceof Map || value instanceof Set) {
    const before = value instanceof Map ? new Map(value) : new Set(value)
    value.clear()
    fill(value, before, again)
  } else
    for (const key of Object.keys(value))
      (value as Record<string, unknown>)[key] = again((value as Record<string, unknown>)[key])
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
