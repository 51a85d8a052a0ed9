/**
 * What the host refuses when a value is sent. It says only that it does: where the thing is, and what, is looked for then, part by part.
 */
import { messageOf, NotCloneable } from "../not-cloneable.ts"
import { givenAway, isGivenAway } from "../transfer.ts"
import { at, keyed } from "./carrier.ts"

/** Each level clones what lies below it once more. */
const deepest = 16
const copyAdvice = "transfer a copy: a small Buffer of Node shares its memory with others"

export function notSent(task: string, path: string, value: unknown, error: unknown): NotCloneable {
  const why = messageOf(error)
  if (isCloned(value))
    return new NotCloneable(task, path, value, `to be given away, which this host refuses (${why})`, copyAdvice)
  for (let depth = 0; depth < deepest; depth++) {
    const inner = partsOf(value, path).find(([, part]) => !isCloned(part))
    if (inner === undefined) break
    path = inner[0]
    value = inner[1]
  }
  if (isGivenAway(Object(value) as object)) return new NotCloneable(task, path, value, givenAway, "transfer it once")
  const name = nameOf(value)
  const advice = name.endsWith("Stream") ? "give it away: transfer(stream)" : "pass plain data"
  const what = `an instance of ${name}, which this host does not send (${why})`
  return new NotCloneable(task, path, value, what, advice)
}

function partsOf(value: unknown, path: string): ReadonlyArray<readonly [path: string, part: unknown]> {
  if (Array.isArray(value)) return value.map((item, i) => [`${path}[${i}]`, item])
  if (value instanceof Map)
    return [...value].flatMap(([key, item]) => [[`${path} key`, key] as const, [keyed(path, key), item] as const])
  if (value instanceof Set) return [...value].map((item) => [`${path} item`, item])
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).map(([key, item]) => [at(path, key), item])
}

function isCloned(value: unknown): boolean {
  try {
    structuredClone(value)
    return true
  } catch {
    return false
  }
}

function nameOf(value: unknown): string {
  const tag = Object.prototype.toString.call(value).slice(8, -1)
  const { constructor } = Object(value) as { readonly constructor?: { readonly name?: unknown } }
  return tag === "Object" && typeof constructor?.name === "string" ? constructor.name : tag
}
