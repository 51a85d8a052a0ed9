import { Panic } from "@weft/core"

/**
 * The primitive in this memory was made with another number than this thread says.
 *
 * @since 0.2.0
 */
export class SharedSizeMismatch extends Panic<{ kind: string; given: number; found: number }> {
  override readonly name = "SharedSizeMismatch"

  constructor(kind: string, given: number, found: number) {
    super(
      `sync: this ${kind} was made with ${found}, not ${given}; make it once and attach it by ${kind}.from(handle)`,
      {
        kind,
        given,
        found,
      },
    )
  }
}
