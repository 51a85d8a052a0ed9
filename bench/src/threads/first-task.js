/** A task in a module that needs nothing else: JavaScript, as it is in a program that is installed, so that its thread need not load what strips types. */
import { task } from "@weft/workers"

export const first = task(
  import.meta.url,
  "first",
  /** @param {number} n */
  // eslint-disable-next-line require-yield
  function* (n) {
    return n
  },
)
