import { Panic } from "./panic.ts"

/**
 * The `err` of a context that was cancelled.
 *
 * @see Go: context.Canceled
 * @since 0.1.0
 */
export class ContextCanceled extends Error {
  override readonly name = "ContextCanceled"

  constructor() {
    super("context canceled")
  }
}

/**
 * The `err` of a context whose deadline has passed.
 *
 * @see Go: context.DeadlineExceeded
 * @since 0.1.0
 */
export class DeadlineExceeded extends Error {
  override readonly name = "DeadlineExceeded"
  readonly timeout = true

  constructor() {
    super("context deadline exceeded")
  }
}

/**
 * A context was made wrongly.
 *
 * @since 0.1.0
 */
export class ContextMisuse extends Panic {
  override readonly name = "ContextMisuse"
}
