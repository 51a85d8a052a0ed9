import { Goroutine } from "./goroutine.ts"
import { ForJoiners } from "./interrupted.ts"
import { NotReady } from "./not-ready.ts"
import { Op } from "./op.ts"
import { Panic } from "./panic.ts"
import type { Waiter } from "./waiter.ts"

/**
 * Ends the goroutine that yields it, running its `finally` blocks. When main does it, the others run on.
 *
 * @see Go: runtime.Goexit
 * @since 0.1.0
 */
export function goexit(): Op<never> {
  return new Goexit(undefined)
}

/**
 * Ends the goroutine that yields it as an interruption does, so that it is no panic where nobody joins; whoever joins is thrown `error`,
 * unless it was interrupted before. For those who end goroutines for a reason that has an error: a context.
 *
 * @since 0.3.0
 */
export function interruptedBy(error: unknown): Op<never> {
  return new Goexit(new ForJoiners(error))
}

class Goexit extends Op<never> {
  declare private readonly reason: unknown

  constructor(reason: unknown) {
    super()
    this.reason = reason
  }

  get name(): string {
    return "goexit"
  }
  poll(): unknown {
    return NotReady
  }
  enqueue(waiter: Waiter): void {
    if (waiter instanceof Goroutine) waiter.exitNow(this.reason)
    else
      waiter.fail(
        new Panic("weft: goexit ends a goroutine; write `yield* goexit()` in one, not in a select or an Effect", {}),
      )
  }
  dequeue(): void {}
}
