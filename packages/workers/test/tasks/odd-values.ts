/** Values that are told apart from plain ones: threads import this file. */
import type { Channel } from "@weft/channels"
import { task, transfer } from "@weft/workers"

type Wrap = (inner: unknown) => unknown

export const wraps: Readonly<Record<string, Wrap>> = {
  objects: (inner) => ({ inner }),
  arrays: (inner) => [inner],
  maps: (inner) => new Map([["key", inner]]),
  sets: (inner) => new Set([inner]),
}

/** `leaf`, within `levels` of them. */
export function nested(kind: string, levels: number, leaf: unknown): unknown {
  let value = leaf
  for (let i = 0; i < levels; i++) value = wraps[kind]!(value)
  return value
}

/** How many levels there are around something else. */
export function levelsOf(value: unknown): number {
  let levels = 0
  for (; typeof value === "object" && value !== null; levels++) {
    const inner: unknown = Symbol.iterator in value ? [...(value as Iterable<unknown>)][0] : Object.values(value)[0]
    value = value instanceof Map ? [...(value as Map<unknown, unknown>).values()][0] : inner
  }
  return levels
}

export const countsLevels = task(import.meta.url, "countsLevels", function* (value: unknown) {
  return levelsOf(value)
})

export const returnsNested = task(import.meta.url, "returnsNested", function* (kind: string, levels: number) {
  return nested(kind, levels, 1)
})

export const throwsNested = task(import.meta.url, "throwsNested", function* (levels: number) {
  throw Object.assign(new Error("deep"), { shallow: [1], deep: nested("objects", levels, 1) })
})

export const sendsNested = task(import.meta.url, "sendsNested", function* (to: Channel<unknown>, levels: number) {
  yield* to.send(nested("objects", levels, 1))
})

/** Says that it is what nobody looks into. */
class Hidden {
  readonly [Symbol.toStringTag] = "Date"
  readonly inner: unknown

  constructor(levels: number) {
    this.inner = nested("objects", levels, 1)
  }
}

/** Gives what its thread can write, and the program's first one can't read. */
export const returnsHidden = task(import.meta.url, "returnsHidden", function* (levels: number, how?: "exits") {
  if (how === "exits") queueMicrotask(() => queueMicrotask(() => process.exit(3)))
  return new Hidden(levels)
})

export const sendsHidden = task(import.meta.url, "sendsHidden", function* (to: Channel<unknown>, levels: number) {
  yield* to.send(new Hidden(levels))
})

/** What is told apart from a plain object or list only by a second look. */
export const oddValues: Readonly<Record<string, () => unknown>> = {
  "a RegExp's match": () => /(?<letter>[a-z])(\d)?/.exec("-a"),
  "an array's hole": () => {
    const list: Array<unknown> = [1]
    list[3] = undefined
    list.length = 6
    return list
  },
  "a hole beside a field of the array": () => {
    const list: Array<unknown> = []
    list[1] = 1
    return Object.assign(list, { name: "x" })
  },
  "a key __proto__": () => JSON.parse('{"a":1,"__proto__":{"b":2}}') as unknown,
}

/** Its keys and values, and how long it is. */
export function partsOf(value: unknown): unknown {
  const own = Object.keys(value as object).map((key) => {
    const part: unknown = Object.getOwnPropertyDescriptor(value, key)!.value
    return [key, typeof part === "object" && part !== null ? partsOf(part) : part]
  })
  return [Array.isArray(value) ? value.length : "no array", ...own]
}

export const returnsOddValue = task(import.meta.url, "returnsOddValue", function* (kind: string) {
  return oddValues[kind]!()
})

export const tellsParts = task(import.meta.url, "tellsParts", function* (value: unknown) {
  return partsOf(value)
})

const blame = { times: 0, list: [] as Array<number> }

/** Throws with what its module has, and the next one changes. */
export const throwsCounted = task(import.meta.url, "throwsCounted", function* (how: "field" | "cause" | "itself") {
  blame.list.push(++blame.times)
  if (how === "itself") throw blame
  const error = Object.assign(new Error("counted"), { blame })
  throw how === "field" ? error : new Error("outer", { cause: error })
})

export const throwsTransfer = task(import.meta.url, "throwsTransfer", function* () {
  const bytes = new Uint8Array([1, 2])
  throw transfer({ bytes }, [bytes.buffer])
})
