import type { Goroutine } from "./goroutine.ts"
import { Op } from "./op.ts"
import type { Waiter } from "./waiter.ts"

/** Waits for a goroutine's end. While somebody joins, an error that the body throws is his, and no panic. */
export class Join<A, E> extends Op<A, E> {
  declare private readonly goroutine: Goroutine<A, E>

  constructor(goroutine: Goroutine<A, E>) {
    super()
    this.goroutine = goroutine
  }

  get name(): string {
    return "join"
  }
  override get detail(): string {
    return `goroutine ${this.goroutine.id} (${this.goroutine.name})`
  }
  override get on(): object {
    return this.goroutine
  }
  override get wakers(): ReadonlyArray<number> {
    return [this.goroutine.id]
  }
  poll(): unknown {
    return this.goroutine.pollExit()
  }
  enqueue(waiter: Waiter): void {
    this.goroutine.addJoiner(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.goroutine.removeJoiner(waiter)
  }
}
