/** Where the scale of time has its lines, and what they say. */
export interface Tick {
  readonly time: number
  readonly label: string
}

const UNITS: ReadonlyArray<readonly [nanos: number, name: string]> = [
  [60e9, "min"],
  [1e9, "s"],
  [1e6, "ms"],
  [1e3, "µs"],
  [1, "ns"],
]

/** At steps of 1, 2 or 5; times are counted from `zero`. */
export function ticks(from: number, to: number, zero: number, about: number): ReadonlyArray<Tick> {
  const step = niceStep((to - from) / about)
  const unit = UNITS.find(([nanos]) => step >= nanos) ?? UNITS.at(-1)!
  const digits = Math.max(0, Math.ceil(-Math.log10(step / unit[0]) - 1e-9))
  const found: Array<Tick> = []
  for (let i = Math.ceil((from - zero) / step); zero + i * step <= to; i++) {
    found.push({ time: zero + i * step, label: `${((i * step) / unit[0]).toFixed(digits)} ${unit[1]}` })
  }
  return found
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough) ?? 10
  return factor * power
}
