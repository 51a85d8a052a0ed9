/** "812 ns", "1.23 µs", "45.6 ms", "3.45 s": three digits, as that is all that anybody compares. */
export function durationText(nanos: number): string {
  let value = nanos
  let unit = 0
  // 999.5 shows as 1.00 of the next one.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return `${value.toFixed(digits)} ${units[unit]!}`
}

const units = ["ns", "µs", "ms", "s"]
