/** A task in a module that needs nothing else. */
import { task } from "@weft/workers"

export const first = task(import.meta.url, "first", function* (n: number) {
  return n
})
