/**
 * Thrown by joining a goroutine that was interrupted; `cause` is the reason given.
 *
 * @since 0.1.0
 */
export class GoroutineInterrupted extends Error {
  override readonly name = "GoroutineInterrupted"
  readonly id: number
  readonly goroutine: string

  constructor(id: number, goroutine: string, reason: unknown) {
    super(`weft: goroutine ${id} (${goroutine}) was interrupted`, reason === undefined ? undefined : { cause: reason })
    this.id = id
    this.goroutine = goroutine
  }
}

/** The reason of an interruption that throws an error of its own where the goroutine is joined. */
export class ForJoiners {
  readonly error: unknown

  constructor(error: unknown) {
    this.error = error
  }
}
