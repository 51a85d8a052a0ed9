import { current } from "../processor.ts"
import { ExploredProcessor } from "./explored-processor.ts"

/**
 * What must hold from here on whenever no goroutine is in the middle of a step: in an exploration `holds` is called after every step, and
 * the schedule fails with {@link InvariantBroken} as soon as it answers false. If it throws, with that error.
 *
 * Elsewhere it is checked once, now.
 *
 * @example
 * invariant(() => inside <= 1, "at most one in the critical section")
 *
 * @since 0.1.0
 */
export function invariant(holds: () => boolean, what: string = holds.toString()): void {
  const check = () => {
    if (!holds()) throw new InvariantBroken(what)
  }
  if (current instanceof ExploredProcessor) current.addInvariant(check)
  else check()
}

/** An {@link invariant} does not hold. @since 0.1.0 */
export class InvariantBroken extends Error {
  override readonly name = "InvariantBroken"
  declare readonly what: string

  constructor(what: string) {
    super(`invariant broken: ${what}`)
    this.what = what
  }
}
