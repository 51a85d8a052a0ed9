import { ownFrames } from "./start-site.ts"

/**
 * An error left a goroutine's body and nobody was joining it: that fails the `run` it belongs to, as it ends a Go program.
 *
 * `cause` is the error.
 *
 * @see Go: panic
 * @since 0.1.0
 */
export class GoroutinePanic extends Error {
  override readonly name = "GoroutinePanic"
  readonly id: number
  /** The goroutine's name. */
  readonly goroutine: string
  /** Where it was started, if that was captured (see `run`'s `debug`). */
  readonly startedAt: string | undefined

  constructor(id: number, goroutine: string, startStack: string | undefined, cause: unknown, verb = "panicked") {
    const startedAt = startStack === undefined ? undefined : ownFrames(startStack)[0]
    super(
      `goroutine ${id}${goroutine === "" ? "" : ` (${goroutine})`} ${verb}: ${messageOf(cause)}` +
        (startedAt === undefined ? "" : `\n  started at ${startedAt}`),
      { cause },
    )
    // The frames of the run loop say nothing; the cause has the goroutine's own.
    this.stack = `${this.name}: ${this.message}`
    this.id = id
    this.goroutine = goroutine
    this.startedAt = startedAt
  }
}

/** Reads the message of any value, even if that throws. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  } catch {
    return "(an error whose message can't be read)"
  }
}
