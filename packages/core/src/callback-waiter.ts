import type { Processor } from "./processor.ts"
import { Waiter } from "./waiter.ts"

/** A waiter that calls back: for fibers, promises and whatever else is no goroutine. */
export class CallbackWaiter extends Waiter {
  readonly processor: Processor
  readonly #committed: (raw: unknown) => void
  readonly #failed: (error: unknown) => void

  constructor(processor: Processor, committed: (raw: unknown) => void, failed: (error: unknown) => void) {
    super()
    this.processor = processor
    this.#committed = committed
    this.#failed = failed
  }

  commit(raw: unknown): void {
    this.#committed(raw)
  }

  fail(error: unknown): void {
    this.#failed(error)
  }
}
