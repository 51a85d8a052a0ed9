/**
 * What the host refuses when a value is sent. It says only that it does: where the thing is, and what, is looked for then, part by part.
 */
import { messageOf, NotCloneable } from "../not-cloneable.ts"
import { givenAway, isGivenAway } from "../transfer.ts"
import { at, isCarried, keyed, mark, valueOf } from "./carrier.ts"
import type { CarriedContext } from "./context.ts"
import { tagOf, withInstead } from "./rebuilt.ts"

/** Each level clones what lies below it once more. */
const deepest = 16
const copyAdvice = "transfer a copy: a small Buffer of Node shares its memory with others"
const onceAdvice = "transfer it once"

/** `given`: what was to be given away with it. A clone would refuse a port that goes all the same. */
export function notSent(
  task: string | undefined,
  path: string,
  value: unknown,
  given: ReadonlyArray<object>,
  error: unknown,
): NotCloneable {
  const why = messageOf(error)
  const without = new Map(given.map((each) => [each, true]))
  const goes = (part: unknown) => isCloned(withInstead(part, without))
  const isOfGiven = goes(value)
  // Of several that are given away nobody can tell which one it is.
  const isInnocent = isOfGiven && given.length === 1 ? isCloned : goes
  for (let depth = 0; depth < deepest; depth++) {
    const inner = partsOf(value, path).find(([, part]) => !isInnocent(part))
    if (inner === undefined) break
    path = inner[0]
    value = inner[1]
  }
  if (isOfGiven) {
    const what = `to be given away, which this host refuses (${why})`
    return new NotCloneable(task, path, value, what, isCloned(value) ? copyAdvice : `${onceAdvice}, before it is used`)
  }
  if (isGivenAway(Object(value) as object)) return new NotCloneable(task, path, value, givenAway, onceAdvice)
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
  if (isCarried(value)) {
    if (value[mark] !== "context") return []
    return (value.what as CarriedContext).values.map(([key, item]) => [valueOf(path, key), item])
  }
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
  const tag = tagOf(value)
  const { constructor } = Object(value) as { readonly constructor?: { readonly name?: unknown } }
  return tag === "Object" && typeof constructor?.name === "string" ? constructor.name : tag
}
