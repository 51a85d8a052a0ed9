/** Fails in threads once its tasks are registered. */
import { threadId } from "@weft/core"
import { task } from "@weft/workers"

export const usesRest = task(import.meta.url, "usesRest", function* () {
  return rest.length
})
export const needsNothing = task(import.meta.url, "needsNothing", function* () {
  return 1
})

const rest = open()
export const comesLater = task(import.meta.url, "comesLater", function* () {
  return 1
})

function open(): string {
  if (threadId() !== 1) throw new RangeError("no such file")
  return "rest"
}
