/** What both threads of `atomic-counter` do, and the words by which they talk. */
import type { AtomicInt64 } from "@weft/sync"

/** The round that has begun, its additions, the round that is done. */
export const Round = 0
export const Batches = 1
export const Done = 2

export function addMany(counter: AtomicInt64, times: number): void {
  for (let i = 0; i < times; i++) counter.addNumber(1)
}
