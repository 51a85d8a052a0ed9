/** A task of a name that one of `tasks.ts` has. */
import { task } from "@weft/workers"

export const square = task(import.meta.url, "square", function* (n: number) {
  return `${n} squared`
})
