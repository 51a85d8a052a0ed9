/** Figures as people read them: three digits and a unit. */

const numbers = new Intl.NumberFormat("en-US")

export const count = (n: number): string => numbers.format(n)

/** "3.41 ms", "12 s", "2 h 5 min" */
export function duration(millis: number): string {
  if (millis < 0) return `-${duration(-millis)}`
  if (millis === 0) return "0"
  if (millis < 0.001) return `${Math.round(millis * 1e6)} ns`
  if (millis < 1) return `${digits(millis * 1_000)} µs`
  if (millis < 1_000) return `${digits(millis)} ms`
  if (millis < 60_000) return `${digits(millis / 1_000)} s`
  if (millis < 3_600_000) return two(millis, 60_000, "min", 1_000, "s")
  if (millis < 86_400_000) return two(millis, 3_600_000, "h", 60_000, "min")
  return two(millis, 86_400_000, "d", 3_600_000, "h")
}

export const nanos = (n: number): string => duration(n / 1e6)

export function bytes(n: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"]
  let unit = 0
  while (n >= 1_000 && unit < units.length - 1) {
    n /= 1_000
    unit++
  }
  return `${unit === 0 ? n : digits(n)} ${units[unit]!}`
}

export const percent = (share: number): string => `${share > 0 && share < 0.01 ? "<1" : Math.round(share * 100)} %`

export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`

/** Three, and none that say nothing. */
const digits = (n: number): string =>
  String(Number(n >= 99.95 ? n.toFixed(0) : n >= 9.995 ? n.toFixed(1) : n.toFixed(2)))

function two(millis: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const wholes = Math.floor(millis / large)
  const rest = Math.floor((millis - wholes * large) / small)
  return rest === 0 ? `${wholes} ${largeUnit}` : `${wholes} ${largeUnit} ${rest} ${smallUnit}`
}
