/**
 * StartSites: where was a goroutine started, at a cost that spawning can bear?
 *
 * Capturing one costs about 3 µs, twenty times a spawn. So it has a budget: the first goroutines of a quiet program all get
 * one, a program that starts millions pays for a few each 10 ms. `debug` lifts the budget. The text is made at once: a kept Error would
 * hold the functions of its frames, and through them goroutines that nothing else holds.
 *
 * Measured (Node 24, limit 4): capture 1.3 µs, with its text 3.4 µs; see bench/NOTES.md.
 */
const burst = 128
const perRefill = 4
const refillMillis = 10
/** Of Weft's own there are up to four: a combinator's. */
const frames = 6

interface StackCapture {
  stackTraceLimit?: number
  captureStackTrace?(target: object, above: unknown): void
}

export class StartSites {
  isUnlimited = false
  isOff = false
  #left = burst
  #refilledAt = -Infinity

  /** By the clock: slices may come by the thousand, one for each message. */
  refill(now: number): void {
    if (this.#left >= burst || now - this.#refilledAt < refillMillis) return
    this.#refilledAt = now
    this.#left += perRefill
  }

  /** The stack above `above`, or undefined when the budget is spent. A text is one that was captured before. */
  capture(above: unknown): string | undefined {
    if (typeof above === "string") return above
    if (this.isOff || (this.#left <= 0 && !this.isUnlimited)) return undefined
    this.#left--
    return stackAbove(above)
  }
}

function stackAbove(above: unknown): string {
  const errors = Error as StackCapture
  const limit = errors.stackTraceLimit
  errors.stackTraceLimit = frames
  const holder: { stack?: string } = {}
  if (errors.captureStackTrace === undefined) holder.stack = new Error().stack ?? ""
  else errors.captureStackTrace(holder, above)
  const stack = holder.stack ?? ""
  if (limit !== undefined) errors.stackTraceLimit = limit
  return stack
}

/** The frames of a stack that are the program's own: neither Weft's nor the engine's. */
export function ownFrames(stack: string): Array<string> {
  const frames: Array<string> = []
  for (const line of stack.split("\n")) {
    const frame = line.trim().replace(/^at (async )?/, "")
    if (!/:\d+:\d+\)?$/.test(frame) || weftFrame.test(frame) || engineFrame.test(frame)) continue
    frames.push(
      frame
        .replace(/file:\/\/\/?(?=[A-Za-z]:|\/)/, (prefix) => (prefix === "file:///" ? "/" : ""))
        .replace(/\(\/\//, "(/"),
    )
  }
  return frames
}

const weftFrame =
  /(\/|@)weft\/(core|channels|sync|workers)\/(dist|src)\/|\/packages\/(core|channels|sync|workers)\/src\/(?!.*\.test\.ts)/
const engineFrame = /node:internal|<anonymous>\)?$|\bnative\b/
