/**
 * WaitGroup: wait until a set of goroutines has ended.
 *
 * Invariants, whenever no method of this file is running:
 *   1. count >= 0.
 *   2. waiters not empty implies count > 0: whoever reaches zero commits every waiter before returning.
 *   3. `commit` makes a goroutine runnable; a fiber runs on inside `add`, which has finished its own work by then.
 */
import {
  accessed,
  type Body,
  type ErrorOf,
  type Goroutine,
  made,
  NotReady,
  Op,
  Panic,
  type Waiter,
  WaitList,
  type Yieldable,
} from "@weft/core"
import { InvalidAmount } from "./invalid-amount.ts"
import { shown } from "./shown.ts"
import { started } from "./started.ts"

/**
 * Waits for a collection of goroutines: `add` before the work starts, `done` when it ends, `wait` for all.
 *
 * Laws
 * - `wait()` is ready exactly while the counter is zero; with nothing added it is ready at once.
 * - Reaching zero releases every waiter; they stay released if `add` raises the counter before they run.
 * - Reusable at any time (Go forbids reuse before every earlier wait has returned).
 * - `go` counts a goroutine until it ends, however it ends. When it panics, its run fails first: who waits in that run is cancelled, not
 *   released, as the program ends in Go. Counted down it is all the same, for `finally` blocks that wait for the group. (Outside any
 *   `run` nobody is cancelled: who waits may go on before the host ends with the uncaught error.)
 *
 * Errors: {@link NegativeWaitGroupCounter}; `InvalidAmount` unless delta is a safe integer.
 *
 * @example
 * const wg = new WaitGroup()
 * for (const url of urls) wg.go(function* () { yield* fetchText(url) })
 * yield* wg.wait()
 *
 * @see Go: sync.WaitGroup
 * @since 0.1.0
 */
export class WaitGroup {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown("WaitGroup", this, (group) => group.#counter.status) as true

  readonly #counter = new Counter()
  readonly #done = () => this.done()

  /** Adds `delta`, which may be negative. A refused call changes nothing. */
  add(delta: number): void {
    if (!Number.isSafeInteger(delta)) throw new InvalidAmount("sync: WaitGroup.add", delta, "a whole number")
    this.#counter.add(delta)
  }

  /** `add(-1)`. */
  done(): void {
    this.#counter.add(-1)
  }

  /**
   * Starts `body(...args)` as a goroutine and counts it until it ends, however it ends.
   *
   * @see Go: WaitGroup.Go, which forbids f to panic; here an error that somebody joins is no panic
   */
  go<A, Y extends Yieldable, Args extends ReadonlyArray<unknown>>(
    body: Body<A, Y, Args>,
    ...args: Args
  ): Goroutine<A, ErrorOf<Y>> {
    const goroutine = started("WaitGroup.go", body, args) as Goroutine<A, ErrorOf<Y>> // first: a bad body throws here and leaves the counter alone
    this.#counter.add(1) // in time: go never starts synchronously
    // Not try/finally around body: a generator cancelled before its first step never reaches its finally.
    goroutine.onExit(this.#done)
    return goroutine
  }

  /** Ready while the counter is zero. */
  wait(): Op<void> {
    return new Wait(this.#counter)
  }
}

class Counter {
  count = 0
  readonly waiters = new WaitList()

  constructor() {
    made(this)
  }

  get status(): string {
    return `counter ${this.count}, ${this.waiters.length} waiting`
  }

  add(delta: number): void {
    accessed(this)
    const count = this.count + delta
    if (count < 0) throw new NegativeWaitGroupCounter(this.count, delta)
    this.count = count
    if (count === 0) this.waiters.commitAll(undefined)
  }
}

class Wait extends Op<void> {
  declare private readonly counter: Counter

  constructor(counter: Counter) {
    super()
    this.counter = counter
  }

  get name(): string {
    return "sync.WaitGroup.Wait"
  }
  override get detail(): string {
    return `a WaitGroup (counter ${this.counter.count})`
  }
  override get on(): object {
    return this.counter
  }
  poll(): void | typeof NotReady {
    return this.counter.count === 0 ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    this.counter.waiters.push(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.counter.waiters.remove(waiter)
  }
}

/**
 * More `done` than `add`: a bug in the caller, so it panics.
 *
 * @see Go: "sync: negative WaitGroup counter"
 * @since 0.1.0
 */
export class NegativeWaitGroupCounter extends Panic<{ count: number; delta: number }> {
  override readonly name = "NegativeWaitGroupCounter"

  constructor(count: number, delta: number) {
    super(`sync: negative WaitGroup counter (${count} + ${delta}); call add before the work starts`, { count, delta })
  }
}
