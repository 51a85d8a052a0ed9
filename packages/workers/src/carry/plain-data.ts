/**
 * Whether a value is plain data and little of it: `most` arrays, items of arrays and plain objects at the most, and primitives in them; its
 * arrays have just items. Nothing in it needs to be refused or made again on the other side, which is what nearly all values are, and looked up in a
 * fifth of the time.
 */
export function isPlainData(value: unknown, most: number): boolean {
  left = most
  return isPlain(value, deepest)
}

/** Neither looked into nor copied: a message has it as it is. */
export const isPrimitive = (value: unknown): boolean =>
  (typeof value !== "object" || value === null) && typeof value !== "function" && typeof value !== "symbol"

/** Ends what holds itself, too. */
let left = 0
/** For more levels of this a stack may be too short. */
const deepest = 100

function isPlain(value: unknown, levels: number): boolean {
  switch (typeof value) {
    case "function":
    case "symbol":
      return false
    case "object":
      return value === null || isPlainObject(value, levels - 1)
    default:
      return true
  }
}

function isPlainObject(value: object, levels: number): boolean {
  if (--left < 0 || levels < 0) return false
  if (Array.isArray(value)) {
    left -= value.length
    if (left < 0 || !hasJustItems(value)) return false
    for (let i = 0; i < value.length; i++) if (!isPlain(value[i], levels)) return false
    return true
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if ((prototype !== Object.prototype && prototype !== null) || Symbol.toStringTag in value) return false
  // A handle of shared memory is known by that field.
  for (const key in value) if (key === "weft" || !isPlain((value as Record<string, unknown>)[key], levels)) return false
  return true
}

/** No holes, and no fields of its own: those come after the items. */
export function hasJustItems(list: ReadonlyArray<unknown>): boolean {
  const keys = Object.keys(list)
  return keys.length === list.length && (keys.length === 0 || keys.at(-1) === String(keys.length - 1))
}
