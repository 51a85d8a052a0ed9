/**
 * Something that a client asked of the object, from the call to the return.
 *
 * Times are any numbers that put calls and returns in order: only that order counts. One operation comes before another if it returned at
 * a lesser time than the other was called; else the two overlap.
 *
 * @since 0.1.0
 */
export interface Operation<Call, Result> {
  /** Whose operation it is: a row of the picture. */
  readonly client: string
  readonly call: Call
  readonly called: number
  /** Undefined while pending: it was cancelled or still waits, and may have taken effect or not. */
  readonly returned?: number | undefined
  /** What it returned; means nothing while pending. */
  readonly result?: Result | Thrown | undefined
}

/**
 * The result of an operation that failed. Two of them are the same result if they have the same name.
 *
 * @since 0.1.0
 */
export class Thrown {
  /** The error's `name`. */
  readonly name: string
  /** The error itself, where there was one. */
  readonly error: unknown

  constructor(name: string, error: unknown) {
    this.name = name
    this.error = error
  }
}

/**
 * A failure as a result, for models: the operation throws an error of this name.
 *
 * @example
 * const closed = { result: thrown("ChannelClosed"), state: "closed" }
 *
 * @since 0.1.0
 */
export function thrown(name: string): Thrown {
  return new Thrown(name, undefined)
}

/** What an operation that threw `error` is recorded with. */
export function thrownBy(error: unknown): Thrown {
  return new Thrown(error instanceof Error ? error.name : String(error), error)
}
