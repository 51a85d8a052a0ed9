import type { Op } from "@weft/core"

/** What committing the op throws; undefined if it does not. */
export function* thrownBy(op: Op<unknown, unknown>): Generator<Op<unknown>, unknown, unknown> {
  try {
    yield* op as Op<unknown>
  } catch (error) {
    return error
  }
  return undefined
}
