/**
 * Semaphore: a number of permits, acquired and released by weight.
 *
 * Invariants, whenever no method of this file is running:
 *   1. 0 <= free <= size.
 *   2. waiters not empty implies that the front one wants more than is free: whoever frees permits, or takes a waiter away, serves the
 *      front before returning.
 *   3. The slot of a waiter in the list is what it wants, at most size. One that wants more stands in no list: nobody can ever serve it.
 *
 * A commit takes the permits in the name of whoever waits, in one step, so one that is withdrawn holds none. It may be refused: where a
 * select with two cases on this semaphore withdraws the front one, the next in the list is its own other case.
 */
import {
  accessed,
  currentProcessor,
  type ErrorOf,
  made,
  NotReady,
  Op,
  type OpIterator,
  Panic,
  Phase,
  type Waiter,
  WaitList,
  type Yieldable,
} from "@weft/core"
import type { PlainOrBody } from "./body-op.ts"
import { Guard, type Guarded } from "./guard.ts"
import { checkedCount } from "./invalid-amount.ts"
import { shown } from "./shown.ts"
import { WithLock } from "./with-lock.ts"

/**
 * Bounds how much goes on at once: `acquire` takes permits, `release` gives them back.
 *
 * Laws
 * - First come, first served, whatever the weight: while the front waiter wants more than is free, nobody behind it and no `tryAcquire` gets
 *   any. So many small ones never starve a large one.
 * - Who wants more than the size waits until cancelled, and holds nobody back.
 * - A waiter that is withdrawn has taken nothing; those behind it go on if there is now enough.
 * - A select that waits for one twice, with different weights say, waits behind itself as it would behind another.
 * - Permits have no owner: anybody may release what somebody has acquired.
 *
 * In an Effect use `withPermits`, or `Effect.acquireUseRelease`: an interrupted fiber runs no `finally`, and no `using`, of `Effect.gen`.
 *
 * Errors: {@link ReleasedMoreThanHeld}; `InvalidAmount` unless a number of permits is a whole number from 0 on.
 *
 * @example
 * const connections = new Semaphore(10)
 * {
 *   using permit = yield* connections.acquire()
 *   yield* query("select 1")
 * }
 *
 * @see Go: golang.org/x/sync/semaphore
 * @since 0.1.0
 */
export class Semaphore {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown(
    "Semaphore",
    this,
    (semaphore) => semaphore.#state.status,
  ) as true

  readonly #state: State

  /** With `size` permits, all free. */
  constructor(size: number) {
    this.#state = new State(checkedCount("semaphore: size", size))
  }

  /** All its permits, free or held. */
  get size(): number {
    return this.#state.size
  }

  /** The permits that nobody holds; with somebody waiting, they are not enough for the front one. */
  get free(): number {
    accessed(this.#state)
    return this.#state.free
  }

  /**
   * Takes `k` permits once they are free and nobody is in front. What it gives releases them when disposed, for `using`: end it so or by
   * `release`, not by both.
   */
  acquire(k = 1): Op<Guard> {
    return new Acquire(this.#state, checkedCount("semaphore: n", k))
  }

  /** Takes `k` permits if that needs no waiting, and says whether it did. */
  tryAcquire(k = 1): boolean {
    accessed(this.#state)
    return this.#state.take(checkedCount("semaphore: n", k))
  }

  /** Gives `k` permits back. A refused call changes nothing. */
  release(k = 1): void {
    this.#state.release(checkedCount("semaphore: n", k))
  }

  /**
   * Acquires `k` permits, runs `body`, a plain or a generator function, gives what that returns, and releases them however it ends.
   *
   * A goroutine runs `body` as a part of itself; in an Effect, a select or a promise it runs as a goroutine of its own, and is interrupted when
   * the op is withdrawn.
   */
  withPermits<A, Y extends Yieldable>(k: number, body: () => Generator<Y, A, never>): Op<A, ErrorOf<Y>>
  withPermits<A>(k: number, body: () => A): Op<A>
  withPermits(k: number, body: PlainOrBody<unknown>): Op<unknown> {
    const acquire = this.acquire(k)
    return new WithLock("Semaphore.withPermits", { lock: () => acquire }, body)
  }
}

class State implements Guarded {
  readonly size: number
  free: number
  readonly waiters: WaitList

  constructor(size: number) {
    this.size = size
    this.free = size
    this.waiters = new WaitList()
    made(this)
  }

  get status(): string {
    return `${this.free} of ${this.size} free, ${this.waiters.length} waiting`
  }

  take(wanted: number): boolean {
    if (wanted > this.free || this.waiters.head !== null) return false
    this.free -= wanted
    return true
  }

  release(permits: number): void {
    accessed(this)
    const free = this.free + permits
    if (free > this.size) throw new ReleasedMoreThanHeld(permits, this.size - this.free)
    this.free = free
    if (this.waiters.head !== null) this.serve()
  }

  /** Gives the front waiters what they want, as long as there is enough. */
  serve(): void {
    for (let front = this.waiters.head; front !== null; front = this.waiters.head) {
      const wanted = front.slot as number
      if (wanted > this.free) return
      this.free -= wanted
      this.waiters.shift()
      if (front.commit(undefined) === false) this.free += wanted
    }
  }
}

class Acquire extends Op<Guard> {
  declare private readonly state: State
  declare private readonly wanted: number

  constructor(state: State, wanted: number) {
    super()
    this.state = state
    this.wanted = wanted
  }

  // Op's own iteration, written out: see channels' send.ts.
  override [Symbol.iterator](): OpIterator<Guard, never> {
    const processor = currentProcessor()
    if (this.phase !== Phase.Idle || processor.current === null || --processor.ticks < 0)
      return super[Symbol.iterator]()
    if (this.state.take(this.wanted)) {
      this.done = true
      this.value = this.finish()
    } else {
      this.phase = Phase.Polled
      this.done = false
      this.value = this
      processor.yielded = this
    }
    return this
  }

  override next(): IteratorResult<Op<Guard>, Guard> {
    if (this.phase === Phase.Yielded) {
      this.phase = Phase.Idle
      this.done = true
      this.value = this.finish()
    } else if (this.phase === Phase.Polled) this.phase = Phase.Yielded
    return this as unknown as IteratorResult<Op<Guard>, Guard>
  }

  get name(): string {
    return "sync.Semaphore.Acquire"
  }
  override get detail(): string {
    const { free, size } = this.state
    return `${this.wanted} of a semaphore (${free} of ${size} free)`
  }
  override get on(): object {
    return this.state
  }
  /** Withdrawing it lets those behind it go on: fibers at once. */
  override get startsWork(): boolean {
    return true
  }
  poll(): unknown {
    return this.state.take(this.wanted) ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    const { state, wanted } = this
    if (wanted > state.size) return
    waiter.slot = wanted
    state.waiters.push(waiter)
    // A select enqueues it after others, whose code may have released some.
    state.serve()
  }
  dequeue(waiter: Waiter): void {
    this.state.waiters.remove(waiter)
    this.state.serve()
  }
  override finish(): Guard {
    return new Guard(this.state, this.wanted)
  }
}

/**
 * More permits released than acquired: a bug in the caller, so it panics.
 *
 * @see Go: "semaphore: released more than held"
 * @since 0.1.0
 */
export class ReleasedMoreThanHeld extends Panic<{ released: number; held: number }> {
  override readonly name = "ReleasedMoreThanHeld"

  constructor(released: number, held: number) {
    super(`semaphore: released more than held (${released} of ${held}); release what was acquired, once`, {
      released,
      held,
    })
  }
}
