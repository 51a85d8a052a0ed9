/**
 * StackProbe: where does a parked goroutine wait?
 *
 * Thrown into a suspended generator, it reaches the op that the generator delegates to, without passing any user code: `yield*`
 * hands a throw to the inner iterator first. The op captures the stack, whose frames are the goroutine's own, and answers
 * `done: false`, upon which the generator is suspended again exactly where it was. Nothing is collected until somebody asks.
 *
 * Below the goroutine's frames stand that of who throws the probe, and those of whoever asks, a host's or the program's own. These are in the stack taken when the
 * probe is made, too, so what both stacks end with is cut off, and one frame more. None of it goes by names: in a bundle they are others.
 */
export class StackProbe {
  stack = ""
  readonly #asking: ReadonlyArray<string> = stackLines()

  /** Called by `above`, whose frame and those above it are not the goroutine's. */
  capture(above: unknown): void {
    const lines = stackLines(above)
    let shared = 0
    while (shared < lines.length && lines.at(-1 - shared) === this.#asking.at(-1 - shared)) shared++
    this.stack = lines.slice(0, Math.min(Math.max(1, lines.length - shared - 1), mostLines)).join("\n")
  }
}

/** Enough for any reader, where generators recurse. */
const mostLines = 50

function stackLines(above?: unknown): Array<string> {
  // V8's own; elsewhere it changes nothing. No limit, as the cut needs both stacks whole.
  const errors = Error as {
    stackTraceLimit?: number
    captureStackTrace?(target: object, above: unknown): void
  }
  const limit = errors.stackTraceLimit
  errors.stackTraceLimit = Infinity
  const error = new Error()
  if (above !== undefined) errors.captureStackTrace?.(error, above)
  const stack = error.stack ?? ""
  if (limit !== undefined) errors.stackTraceLimit = limit
  return stack.split("\n")
}
