import { NotReady } from "./not-ready.ts"
import { Op } from "./op.ts"
import type { Waiter } from "./waiter.ts"

/** Ready once the signal has aborted; its result is the signal's reason. */
class FromAbortSignal extends Op<unknown> {
  declare private readonly signal: AbortSignal

  constructor(signal: AbortSignal) {
    super()
    this.signal = signal
  }

  get name(): string {
    return "abort signal"
  }
  poll(): unknown {
    return this.signal.aborted ? this.signal.reason : NotReady
  }
  enqueue(waiter: Waiter): void {
    const { signal } = this
    const aborted = () => {
      this.dequeue(waiter)
      waiter.commit(signal.reason)
    }
    waiter.slot = aborted
    waiter.processor.outside++
    signal.addEventListener("abort", aborted)
  }
  dequeue(waiter: Waiter): void {
    this.signal.removeEventListener("abort", waiter.slot as () => void)
    waiter.slot = undefined
    waiter.processor.outside--
  }
}

/** See {@link Op.fromAbortSignal}. */
export function fromAbortSignal(signal: AbortSignal): Op<unknown> {
  return new FromAbortSignal(signal)
}
