import { Panic } from "@weft/core"

/**
 * A number that says how many, or how often, and can't: a semaphore of -1 permits.
 *
 * @since 0.1.0
 */
export class InvalidAmount extends Panic<{ given: unknown }> {
  override readonly name = "InvalidAmount"

  constructor(what: string, given: unknown, wanted: string) {
    super(`${what} (${String(given)}); pass ${wanted}`, { given })
  }
}

/** Answers `count`, or panics with `what`, a phrase such as "semaphore: size < 0". */
export function checkedCount(what: string, count: number, least = 0): number {
  if (Number.isSafeInteger(count) && count >= least) return count
  throw new InvalidAmount(what, count, `a whole number from ${least} on`)
}
