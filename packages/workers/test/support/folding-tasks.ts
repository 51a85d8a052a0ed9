import { task } from "@weft/workers"

export const addSquare = task(import.meta.url, "addSquare", function* (sum: number, n: number) {
  return sum + n * n
})

/** How many leave which rest. */
export const count = task(import.meta.url, "count", function* (counts: Map<number, number>, n: number) {
  return counts.set(n % 3, (counts.get(n % 3) ?? 0) + 1)
})
