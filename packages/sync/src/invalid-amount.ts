import { describe, Panic } from "@weft/core"

/**
 * A number that says how many, or how often, and can't: a semaphore of -1 permits.
 *
 * @since 0.1.0
 */
export class InvalidAmount extends Panic<{ given: unknown }> {
  override readonly name = "InvalidAmount"

  constructor(what: string, given: unknown, wanted: string) {
    super(`${what} (${describe(given)}); pass ${wanted}`, { given })
  }
}

/** Answers `count`, or panics; `what` says whose it is: "semaphore: size". */
export function checkedCount(what: string, count: number, least = 0, most: number = Number.MAX_SAFE_INTEGER): number {
  const isWhole = Number.isInteger(count)
  if (isWhole && count >= least && count <= most) return count
  const wrong = !isWhole ? "is no whole number" : count < least ? `< ${least}` : `> ${most}`
  const end = most === Number.MAX_SAFE_INTEGER ? "on" : `to ${most}`
  throw new InvalidAmount(`${what} ${wrong}`, count, `a whole number from ${least} ${end}`)
}
