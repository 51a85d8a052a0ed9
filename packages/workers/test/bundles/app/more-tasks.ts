/** Has a task of a name that another module has: bundlers put both into one file. */
import { task } from "@weft/workers"

export const square = task(import.meta.url, "square", function* (n: number) {
  return `${n} squared`
})
