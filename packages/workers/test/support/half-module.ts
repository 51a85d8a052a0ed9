/** Fails in threads once its tasks are registered. */
import { threadId } from "@weft/core"
import { task } from "@weft/workers"

export const usesRest = task(import.meta.url, "usesRest", function* () {
  return rest.length
})
let table = undefined as unknown as Map<string, number>
export const usesTable = task(import.meta.url, "usesTable", function* () {
  return table.size
})
export const needsNothing = task(import.meta.url, "needsNothing", function* () {
  return 1
})

export const failsByItself = task(import.meta.url, "failsByItself", function* (kind: string) {
  throw kind === "RangeError" ? new RangeError("its own") : new Refused("its own")
})

class Refused extends Error {
  override readonly name = "Refused"
}

const rest = open()
table = new Map()
export const comesLater = task(import.meta.url, "comesLater", function* () {
  return 1
})

function open(): string {
  if (threadId() !== 1) throw new RangeError("no such file")
  return "rest"
}
