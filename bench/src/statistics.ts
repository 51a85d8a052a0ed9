/** Medians and quartiles: a shared machine has outliers, so nothing here is a mean. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

/** The median with its quartiles. `values` must not be empty. */
export function spread(values: ReadonlyArray<number>): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) }
}

export function median(values: ReadonlyArray<number>): number {
  return spread(values).median
}

function quantile(sorted: ReadonlyArray<number>, q: number): number {
  const position = (sorted.length - 1) * q
  const below = sorted[Math.floor(position)]
  const above = sorted[Math.ceil(position)]
  if (below === undefined || above === undefined) throw new RangeError("bench: Bug: a quantile of no values")
  return below + (above - below) * (position % 1)
}
