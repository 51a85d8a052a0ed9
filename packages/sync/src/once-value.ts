import type { ErrorOf, Op, Waiter, Yieldable } from "@weft/core"
import { checkedFunction, type PlainOrBody } from "./body-op.ts"
import { OnceCall, OnceOp } from "./once-call.ts"

/**
 * A function whose op runs `f` once, and gives what it returned to every caller.
 *
 * Laws
 * - `f`, a plain or a generator function, runs when the first caller waits, in a goroutine of its own; see {@link Once}.
 * - What it throws, or fails with, is thrown to every caller, the same each time. If it was interrupted, or ended itself by `goexit`, every
 *   caller gets `GoroutineInterrupted`.
 * - `f` is not held once it has ended.
 *
 * For several values return a tuple: Go's OnceValues.
 *
 * @example
 * const config = onceValue(function* () {
 *   return yield* load()
 * })
 * const first = yield* config()
 * const same = yield* config()
 *
 * @see Go: sync.OnceValue
 * @since 0.1.0
 */
export function onceValue<A, Y extends Yieldable>(f: () => Generator<Y, A, never>): () => Op<A, ErrorOf<Y>>
export function onceValue<A>(f: () => A): () => Op<A>
export function onceValue(f: PlainOrBody<unknown>): () => Op<unknown> {
  const call = new SharedCall("onceValue", f)
  return () => new OnceOp(call)
}

/**
 * A function whose op runs `f` once: {@link onceValue} without the value.
 *
 * @see Go: sync.OnceFunc
 * @since 0.1.0
 */
export function onceFunc<Y extends Yieldable>(f: () => Generator<Y, unknown, never>): () => Op<void, ErrorOf<Y>>
export function onceFunc(f: () => unknown): () => Op<void>
export function onceFunc(f: PlainOrBody<unknown>): () => Op<void> {
  const call = new SharedCall("onceFunc", f)
  return () => new Ended(call)
}

class SharedCall extends OnceCall {
  /** Null from the run's beginning: who runs it holds it. */
  private f: PlainOrBody<unknown> | null

  constructor(caller: string, f: PlainOrBody<unknown>) {
    super(caller)
    this.f = checkedFunction(caller, f)
  }

  override enqueue(waiter: Waiter): void {
    const { f } = this
    this.f = null
    if (f === null) super.enqueue(waiter)
    else this.begin(waiter, f)
  }

  protected get result(): unknown {
    if (this.thrown !== undefined) throw this.thrown.error
    return this.value
  }

  protected override ended(): void {
    if (this.thrown?.error instanceof Error) stackOf(this.thrown.error)
  }

  protected tell(waiter: Waiter): boolean {
    if (this.thrown === undefined) waiter.commit(this.result)
    else waiter.fail(this.thrown.error)
    return this.thrown !== undefined
  }
}

class Ended extends OnceOp<void, never> {
  override finish(): void {}
}

/** An error that nobody has asked for its stack holds the functions on it (V8), and those what they capture. */
function stackOf(error: Error): unknown {
  return error.stack
}
