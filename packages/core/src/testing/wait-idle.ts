import { NotReady } from "../not-ready.ts"
import { Op } from "../op.ts"
import { Panic } from "../panic.ts"
import { currentProcessor } from "../processor.ts"
import type { Waiter } from "../waiter.ts"

/**
 * Waits until every other goroutine is durably blocked: none can run before this one does something, or time goes on.
 *
 * Laws
 * - Every wait is an op, so every wait is durable (in Go a mutex or the network are not), but for those that something outside ends: a
 *   promise, an Effect, a signal, an event. While there is one, nobody is idle.
 * - Time does not go on for it: what is due at this very instant has been done.
 * - One goroutine at a time: {@link WaitIdleTwice}.
 *
 * @example
 * go(function* () { yield* ctx.done; isCleanedUp = true })
 * cancel()
 * yield* waitIdle()
 * expect(isCleanedUp).toBe(true)
 *
 * @see Go: synctest.Wait
 * @since 0.1.0
 */
export function waitIdle(): Op<void> {
  return new WaitIdle()
}

class WaitIdle extends Op<void> {
  get name(): string {
    return "synctest.Wait"
  }
  override get on(): object {
    return currentProcessor().idle
  }
  poll(): unknown {
    return NotReady
  }
  enqueue(waiter: Waiter): void {
    const { idle } = waiter.processor
    if (!idle.isEmpty) throw new WaitIdleTwice()
    idle.push(waiter)
    waiter.processor.lookForSleep()
  }
  dequeue(waiter: Waiter): void {
    waiter.processor.idle.remove(waiter)
  }
}

/**
 * Two goroutines wait for all others, hence for each other.
 *
 * @see Go: "wait already in progress"
 * @since 0.1.0
 */
export class WaitIdleTwice extends Panic {
  override readonly name = "WaitIdleTwice"

  constructor() {
    super("waitIdle: wait already in progress; let one goroutine wait for all others", {})
  }
}
