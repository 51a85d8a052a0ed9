import type { ErrorOf, Op, Waiter, Yieldable } from "@weft/core"
import { checkedFunction, type PlainOrBody } from "./body-op.ts"
import { OnceCall, OnceOp } from "./once-call.ts"
import { shown } from "./shown.ts"

/**
 * Does something once, whoever asks first.
 *
 * Laws
 * - Of several who call `do` the first one's `body` is run, and no other ever. Nobody returns before it has ended.
 * - It counts as done however it ends. What it throws, or fails with, is thrown to the caller that made it run; the others return.
 * - It runs in a goroutine of its own. A caller that is interrupted or takes another case of its select leaves it to the others; if nobody
 *   waits any more it runs on, and what it throws is a panic. In a select it begins only when the select has to wait.
 * - A body that ends itself by `goexit`, or is interrupted with its run, counts as done; who made it run gets `GoroutineInterrupted`.
 * - `do` in its own body waits for ever.
 *
 * Errors: `InvalidBody` to the first caller if `body` is async, or returns an op.
 *
 * @example
 * const once = new Once()
 * yield* once.do(function* () {
 *   yield* load()
 * })
 *
 * @see Go: sync.Once
 * @since 0.1.0
 */
export class Once {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown("Once", this, (once) => once.#call.detail) as true

  readonly #call = new Call("Once.do")

  /** Ready once a body has ended; runs `body`, a plain or a generator function, if none was run yet. */
  do<Y extends Yieldable>(body: () => Generator<Y, unknown, never>): Op<void, ErrorOf<Y>>
  do(body: () => unknown): Op<void>
  do(body: PlainOrBody<unknown>): Op<void> {
    return new Do(this.#call, checkedFunction("Once.do", body))
  }
}

class Call extends OnceCall {
  protected get result(): unknown {
    return undefined
  }

  protected tell(waiter: Waiter, isFirst: boolean): boolean {
    const { thrown } = this
    if (thrown === undefined || !isFirst) {
      waiter.commit(undefined)
      return false
    }
    this.thrown = undefined
    waiter.fail(thrown.error)
    return true
  }
}

class Do extends OnceOp<void, never> {
  declare private readonly body: PlainOrBody<unknown>

  constructor(call: OnceCall, body: PlainOrBody<unknown>) {
    super(call)
    this.body = body
  }

  override enqueue(waiter: Waiter): void {
    if (this.call.isIdle) this.call.begin(waiter, this.body)
    else super.enqueue(waiter)
  }
}
