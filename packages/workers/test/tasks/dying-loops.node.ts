/** Tasks of parallel loops whose first run ends the thread, and which may run again. */
import { task } from "@weft/workers"

function runsTwice(runs: Int32Array): void {
  if (Atomics.add(runs, 0, 1) === 0) process.exit(1)
}

export const itemRunsTwice = task(
  import.meta.url,
  "itemRunsTwice",
  function* (runs: Int32Array) {
    runsTwice(runs)
    return true
  },
  { idempotent: true },
)

export const stepRunsTwice = task(
  import.meta.url,
  "stepRunsTwice",
  function* (sum: number, runs: Int32Array) {
    runsTwice(runs)
    return sum + 1
  },
  { idempotent: true },
)

export const itemExits = task(import.meta.url, "itemExits", function* (_: number): Generator<never, boolean> {
  process.exit(3)
})
