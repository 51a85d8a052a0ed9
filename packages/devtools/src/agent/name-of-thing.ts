import { isObject, OwnData } from "./own-data.ts"
import type { Objects } from "./objects.ts"

const own = new OwnData()

/** How a value that is a thing of Weft's is called: a channel over which an answer is to come. Undefined for anything else. */
export function nameOfThing(object: object, objects: Objects): string | undefined {
  if (isObject(own.get(object, "receivers")) && isObject(own.get(object, "senders"))) {
    const number = objects.known(object)
    return number === undefined ? "channel" : `channel #${number}`
  }
  const id = own.get(object, "id")
  if (typeof id === "number" && typeof own.get(object, "parentId") === "number" && isObject(own.get(object, "run")))
    return `goroutine ${id}`
  return undefined
}
