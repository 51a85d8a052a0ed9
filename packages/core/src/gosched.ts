import { Op, type OpIterator } from "./op.ts"
import { current } from "./processor.ts"

/**
 * Lets the other runnable goroutines run first. In a select it is always ready.
 *
 * @see Go: runtime.Gosched
 * @since 0.1.0
 */
export function gosched(): Op<void> {
  return new Gosched()
}

const nothing: ReadonlyArray<object> = []

class Gosched extends Op<void> {
  get name(): string {
    return "gosched"
  }
  override [Symbol.iterator](): OpIterator<void, never> {
    const processor = current
    if (processor.current === null) return this.inFiber(processor)
    processor.isPutOff = true
    return this.yieldSelf()
  }
  override get on(): object {
    return nothing
  }
  poll(): unknown {
    return undefined
  }
  enqueue(): void {}
  dequeue(): void {}
}
