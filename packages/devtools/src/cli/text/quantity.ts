/** Quantities as people read them. */

/** "1 goroutine", "14,221 goroutines" */
export function count(n: number, noun: string): string {
  return `${number(n)} ${noun}${n === 1 ? "" : "s"}`
}

/** "14,221" */
export function number(n: number): string {
  return Math.round(n)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",")
}

/** "512 B", "1.5 MB": powers of 1,000. */
export function bytes(n: number): string {
  if (n < 1000) return `${Math.round(n)} B`
  const power = Math.min(4, Math.floor(Math.log10(n) / 3))
  const value = n / 1000 ** power
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${["B", "kB", "MB", "GB", "TB"][power]!}`
}

/** "3 ms", "12 s", "3 minutes", "2 hours", "5 days": one unit, rounded down, as in Go's tracebacks. */
export function age(millis: number): string {
  if (millis < 1000) return `${Math.floor(millis)} ms`
  const seconds = Math.floor(millis / 1000)
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.floor(seconds / 60)} minutes`
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} hours`
  return `${number(Math.floor(seconds / 86_400))} days`
}

/** "12s", "3m20s", "5h02m", "3d04h": for columns. */
export function uptime(seconds: number): string {
  const whole = Math.floor(seconds)
  const two = (n: number) => n.toString().padStart(2, "0")
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`
  return `${Math.floor(whole / 86_400)}d${two(Math.floor((whole % 86_400) / 3600))}h`
}

/** Under a tenth nobody cares. */
export function millis(n: number): string {
  return n >= 10 || Number.isInteger(n) ? `${number(n)} ms` : `${n.toFixed(1)} ms`
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
