import { NotReady } from "./not-ready.ts"
import { Op } from "./op.ts"

const nothing: ReadonlyArray<object> = []

class Never extends Op<never> {
  get name(): string {
    return "never"
  }
  override get on(): object {
    return nothing
  }
  poll(): unknown {
    return NotReady
  }
  enqueue(): void {}
  dequeue(): void {}
}

/**
 * Never happens. A goroutine that commits it waits until it is interrupted; in a select it is a case that is never taken.
 *
 * @see CML: never; Go: `select {}`
 * @since 0.1.0
 */
export const never: Op<never> = /* @__PURE__ */ new Never()
