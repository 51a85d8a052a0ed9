import { describe, Panic } from "./panic.ts"

/**
 * A length of time that is none.
 *
 * @since 0.2.0
 */
export class InvalidDuration extends Panic<{ duration: unknown }> {
  override readonly name = "InvalidDuration"

  constructor(duration: unknown) {
    super(
      `weft: ${describe(duration)} is no duration; pass milliseconds, a text such as "50 millis", or a Duration of effect`,
      {
        duration,
      },
    )
  }
}
