import { spawn, task } from "@weft/workers"

export const inner = task(import.meta.url, "inner", function* (n: number) {
  return n + 1
})

export const outer = task(import.meta.url, "outer", function* (n: number) {
  return yield* spawn(inner, n)
})

/** What comes of a nested task that its pool has no room for. */
export const outerRefused = task(import.meta.url, "outerRefused", function* () {
  try {
    yield* spawn(inner, 1)
    return "done"
  } catch (error) {
    return (error as Error).name
  }
})
