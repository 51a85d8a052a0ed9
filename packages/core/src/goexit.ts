import { Goroutine } from "./goroutine.ts"
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
  return new Goexit()
}

class Goexit extends Op<never> {
  get name(): string {
    return "goexit"
  }
  poll(): unknown {
    return NotReady
  }
  enqueue(waiter: Waiter): void {
    if (waiter instanceof Goroutine) waiter.exitNow()
    else
      waiter.fail(
        new Panic("weft: goexit ends a goroutine; write `yield* goexit()` in one, not in a select or an Effect", {}),
      )
  }
  dequeue(): void {}
}
