/** What next year may bring: guesses drawn from the entries of the ledger, all of it arithmetic. */
import { trace } from "@weft/core"
import { task } from "@weft/workers"

export interface Forecast {
  readonly low: number
  readonly likely: number
  readonly high: number
}

const GUESSES = 500
const DRAWS = 100_000

export const forecast = task(import.meta.url, "forecast", function* (entries: Float64Array): Generator<
  never,
  Forecast
> {
  using _ = trace.region("forecast")
  const years = Array.from({ length: GUESSES }, (_, guess) => year(entries, guess + 1)).sort((a, b) => a - b)
  return { low: years[GUESSES * 0.05]!, likely: years[GUESSES * 0.5]!, high: years[GUESSES * 0.95]! }
})

function year(entries: Float64Array, seed: number): number {
  let sum = 0
  for (let draw = 0; draw < DRAWS; draw++) {
    seed ^= seed << 13
    seed ^= seed >>> 17
    seed ^= seed << 5
    sum += entries[seed & (entries.length - 1)]!
  }
  return sum
}
