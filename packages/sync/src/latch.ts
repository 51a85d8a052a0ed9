/**
 * Latch: closed until its count has come down to zero, then open for good.
 *
 * Invariants, whenever no method of this file is running:
 *   1. count >= 0, and never goes up.
 *   2. waiters not empty implies count > 0.
 */
import { accessed, made, NotReady, Op, Panic, type Waiter, WaitList } from "@weft/core"
import { checkedCount } from "./invalid-amount.ts"
import { shown } from "./shown.ts"

/**
 * Opens once, when it has been counted down to zero: a start signal, or the end of so many parts.
 *
 * Laws
 * - `wait()` is ready exactly once the count is zero, and then for good. To use it again, take a {@link WaitGroup}.
 * - Anybody may count down, also who waits; it needs no goroutine.
 *
 * Errors: {@link NegativeLatchCount}; `InvalidAmount` unless a count is a whole number from 0 on.
 *
 * @example
 * const start = new Latch(1)
 * for (const url of urls) {
 *   go(function* () {
 *     yield* start.wait()
 *     yield* fetchText(url)
 *   })
 * }
 * start.countDown()
 *
 * @see Java: CountDownLatch; C++: std::latch
 * @since 0.1.0
 */
export class Latch {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown("Latch", this, (latch) => latch.#state.status) as true

  readonly #state: State

  constructor(count: number) {
    this.#state = new State(checkedCount("latch: count", count))
  }

  /** What is still to be counted down. */
  get count(): number {
    accessed(this.#state)
    return this.#state.count
  }

  /** Counts down by `n`. A refused call changes nothing. */
  countDown(n = 1): void {
    accessed(this.#state)
    this.#state.countDown(checkedCount("latch: n", n))
  }

  /** Ready once the count is zero. */
  wait(): Op<void> {
    return new Wait(this.#state)
  }
}

class State {
  count: number
  readonly waiters: WaitList = new WaitList()

  constructor(count: number) {
    this.count = count
    made(this)
  }

  get status(): string {
    return `count ${this.count}, ${this.waiters.length} waiting`
  }

  countDown(n: number): void {
    if (n > this.count) throw new NegativeLatchCount(this.count, n)
    this.count -= n
    if (this.count === 0) this.waiters.commitAll(undefined)
  }
}

class Wait extends Op<void> {
  declare private readonly state: State

  constructor(state: State) {
    super()
    this.state = state
  }

  get name(): string {
    return "sync.Latch.Wait"
  }
  override get detail(): string {
    return `a latch (count ${this.state.count})`
  }
  override get on(): object {
    return this.state
  }
  poll(): unknown {
    return this.state.count === 0 ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    this.state.waiters.push(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.state.waiters.remove(waiter)
  }
}

/**
 * A latch counted down more often than its count: a bug in the caller, so it panics.
 *
 * @since 0.1.0
 */
export class NegativeLatchCount extends Panic<{ count: number; n: number }> {
  override readonly name = "NegativeLatchCount"

  constructor(count: number, n: number) {
    super(`latch: negative count (${count} - ${n}); count down once for each part`, { count, n })
  }
}
