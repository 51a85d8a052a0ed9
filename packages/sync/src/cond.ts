/**
 * Cond: wait until something about what a lock guards has changed.
 *
 * A waiter goes from the Cond's list to the lock's queue when it is signalled, in one step, so it wakes with the lock held and never
 * without a signal:
 *
 *   asleep --signal, broadcast, its context ends--> locking --lock handed over--> over
 *      |                                               |
 *      +------------- interrupted: it locks again, before its `finally` blocks run ---> over
 *
 * Invariants, whenever no method of this file is running:
 *   1. Who is asleep stands in `sleepers`, with tickets that rise; who is locking stands in the lock's queue.
 *   2. No signal is lost: one whose sleeper was interrupted while locking goes to the next that slept when it came.
 *   3. `changes` counts signals and broadcasts. A watcher waits while it is what it was when its op was made.
 */
import {
  accessed,
  type Context,
  type ContextCanceled,
  type DeadlineExceeded,
  failure,
  made,
  NotReady,
  Op,
  type OpIterator,
  type Processor,
  Waiter,
  WaitList,
} from "@weft/core"
import * as Effectable from "effect/Effectable"
import { checkedContext } from "./checked-context.ts"
import { checkedLocker, type Locker } from "./locker.ts"
import { holdOf, LockAgain, Relocking } from "./relocking.ts"
import { shown } from "./shown.ts"

/**
 * A condition variable over a lock.
 *
 * Laws
 * - `wait` unlocks, waits and locks again. It never wakes without a `signal` or `broadcast` that came after it began; look at the condition
 *   all the same, as others may have locked in between.
 * - `signal` wakes the one that waits longest, `broadcast` all. Neither is remembered, and neither needs the lock.
 * - However `wait` ends, the lock is held: also when its context has ended, which it fails with, and when its goroutine was interrupted,
 *   before the `finally` blocks run. A signal to one that was interrupted before it had the lock goes to the next.
 * - So whoever is interrupted while it waits can unwind only when it has the lock: a `run` in which nobody unlocks any more does not end.
 * - `wait` is no op: a select refuses it, as whether the lock is held would depend on which case won. Select on `changed()`.
 *
 * Errors: `InvalidLocker` where it is made over no lock; `ContextMisuse` where `wait` is given what is no context.
 *
 * @example
 * const mutex = new Mutex()
 * const cond = new Cond(mutex)
 * using guard = yield* mutex.lock()
 * while (queue.length === 0) yield* cond.wait()
 * const first = queue.shift()
 *
 * @see Go: sync.Cond
 * @since 0.1.0
 */
export class Cond {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown("Cond", this, (cond) => cond.#state.status) as true

  readonly #state: State

  /** Over a `Mutex`, an `RWMutex` or its `rlocker()`, or a lock of your own. */
  constructor(locker: Locker) {
    this.#state = new State(checkedLocker("Cond", locker, "a Mutex, an RWMutex or its rlocker()"))
  }

  /** What was given to the constructor: lock it to look at the condition. */
  get locker(): Locker {
    return this.#state.locker
  }

  /** Unlocks, waits for a signal, and locks again. Fails with the `err` of `ctx` once that has ended, the lock held. */
  wait(): CondWait
  wait(ctx: Context): CondWait<ContextCanceled | DeadlineExceeded>
  wait(ctx?: Context): CondWait<ContextCanceled | DeadlineExceeded> {
    return new CondWait(new Wait(this.#state, checkedContext("Cond.wait", ctx, "changed()")))
  }

  /** Wakes the one that waits longest, if any does. */
  signal(): void {
    this.#state.signal()
  }

  /** Wakes all that wait. */
  broadcast(): void {
    this.#state.broadcast()
  }

  /**
   * Ready once a signal or a broadcast has come since this call, for good: for a select. Make it while the lock is held, then unlock, then
   * select: what changes in between is not missed. It takes no signal from those in `wait`.
   *
   * @example
   * const changed = cond.changed()
   * mutex.unlock()
   * const hit = yield* select({ changed, quit: ctx.done })
   * yield* mutex.lock()
   */
  changed(): Op<void> {
    return new Changed(this.#state)
  }
}

/**
 * What `cond.wait()` gives: `yield*` it in a goroutine or an Effect. No op, as it gives its lock away before it happens.
 *
 * @since 0.1.0
 */
export class CondWait<out E = never> extends Effectable.Class<void, E> {
  readonly #op: Op<void, E>

  /** Only a Cond makes them. */
  constructor(op: Op<void, E>) {
    super()
    this.#op = op
  }

  override [Symbol.iterator](): OpIterator<void, E> {
    return this.#op[Symbol.iterator]()
  }

  override asEffect(): Op<void, E> {
    return this.#op
  }

  /** For plain async code. Rejects with the signal's reason once it aborts, the lock held again. */
  promise(signal?: AbortSignal): Promise<void> {
    return this.#op.promise(signal)
  }

  /** Why a select refuses it. */
  get notACase(): string {
    return "a Cond's wait gives up its lock, so whether it is held would depend on which case won: unlock, and select on cond.changed()"
  }
}

class State {
  readonly locker: Locker
  readonly sleepers = new WaitList()
  readonly watchers = new WaitList()
  changes = 0
  /** The next sleeper's. */
  tickets = 0

  constructor(locker: Locker) {
    this.locker = locker
    made(this)
  }

  signal(): void {
    const watchers = this.change()
    this.wakeOne(this.tickets)
    for (const watcher of watchers) watcher.commit(undefined)
  }

  broadcast(): void {
    const watchers = this.change()
    const before = this.tickets
    // One at a time: a fiber runs on inside its commit, and may wait again.
    while (this.wakeOne(before, 0));
    for (const watcher of watchers) watcher.commit(undefined)
  }

  private change(): ReadonlyArray<Waiter> {
    accessed(this)
    this.changes++
    return this.watchers.shiftAll()
  }

  /** Wakes the longest sleeper with a ticket below `before`; `heirs` is up to where its signal may go to another in its place. */
  wakeOne(before: number, heirs = before): boolean {
    const sleeper = this.sleepers.head as Sleeper | null
    if (sleeper === null || sleeper.ticket >= before) return false
    this.sleepers.shift()
    sleeper.wake(heirs)
    return true
  }

  get status(): string {
    return `${this.sleepers.length} waiting`
  }
}

class Wait extends Op<void, ContextCanceled | DeadlineExceeded> {
  declare private readonly state: State
  declare private readonly ctx: Context | undefined

  constructor(state: State, ctx: Context | undefined) {
    super()
    this.state = state
    this.ctx = ctx
  }

  get name(): string {
    return "sync.Cond.Wait"
  }
  override get detail(): string {
    return `a Cond (${this.state.status})`
  }
  override get on(): object | undefined {
    const { on } = this.state.locker.lock()
    return this.ctx !== undefined || on === undefined ? undefined : [this.state, on].flat()
  }
  poll(): unknown {
    if (this.ctx?.err !== undefined) throw failure(this.ctx.err)
    return NotReady
  }
  enqueue(waiter: Waiter): void {
    const sleeper = new Sleeper(this.state, this.ctx, waiter)
    waiter.slot = sleeper
    sleeper.fallAsleep()
  }
  dequeue(waiter: Waiter): Op<unknown, unknown> {
    const sleeper = waiter.slot as Sleeper
    waiter.slot = undefined
    return sleeper.withdraw()
  }
  override finish(raw: unknown): void {
    this.state.locker.lock().finish(raw)
  }
}

/** One wait: it stands in the Cond's list, then in the lock's queue. */
class Sleeper extends Relocking {
  readonly ticket: number
  private readonly state: State
  readonly #ctx: Context | undefined
  #contextEnd: { readonly done: Op<void>; readonly waiter: Waiter } | undefined
  #heirs = 0
  #thrown: { readonly error: unknown } | undefined

  constructor(state: State, ctx: Context | undefined, waiter: Waiter) {
    super(state.locker, waiter, holdOf(state.locker))
    this.state = state
    this.ticket = state.tickets++
    this.#ctx = ctx
  }

  fallAsleep(): void {
    const { sleepers } = this.state
    // Asleep first: a fiber that waits for the lock runs on inside the unlocking, and may signal.
    sleepers.push(this)
    if (this.#ctx !== undefined) {
      this.#contextEnd = { done: this.#ctx.done, waiter: new ContextEnd(this) }
      this.#contextEnd.done.enqueue(this.#contextEnd.waiter)
    }
    try {
      this.locker.unlock()
    } catch (error) {
      this.#getUp()
      throw error
    }
  }

  /** Out of the Cond's list: it locks. */
  wake(heirs: number): void {
    this.#heirs = heirs
    this.#forgetContext()
    this.begin()
  }

  contextEnded(): void {
    this.#contextEnd = undefined
    this.state.sleepers.remove(this)
    this.#thrown = { error: failure(this.#ctx!.err) }
    this.wake(0)
  }

  withdraw(): Op<unknown, unknown> {
    if (this.isLocking) {
      this.leave()
      this.state.wakeOne(this.#heirs)
    } else this.#getUp()
    return new LockAgain(this.locker, this.hold)
  }

  protected override hasLocked(raw: unknown): void {
    if (this.#thrown === undefined) this.waiter.commit(raw)
    else this.waiter.fail(this.#thrown.error)
  }

  #getUp(): void {
    this.state.sleepers.remove(this)
    this.#forgetContext()
  }

  #forgetContext(): void {
    this.#contextEnd?.done.dequeue(this.#contextEnd.waiter)
    this.#contextEnd = undefined
  }
}

class ContextEnd extends Waiter {
  readonly #sleeper: Sleeper

  constructor(sleeper: Sleeper) {
    super()
    this.#sleeper = sleeper
  }

  get processor(): Processor {
    return this.#sleeper.processor
  }
  commit(): void {
    this.#sleeper.contextEnded()
  }
  fail(): void {}
}

class Changed extends Op<void> {
  declare private readonly state: State
  declare private readonly since: number

  constructor(state: State) {
    super()
    accessed(state)
    this.state = state
    this.since = state.changes
  }

  get name(): string {
    return "sync.Cond.Changed"
  }
  override get detail(): string {
    return `a Cond (${this.state.status})`
  }
  override get on(): object {
    return this.state
  }
  poll(): unknown {
    return this.state.changes === this.since ? NotReady : undefined
  }
  enqueue(waiter: Waiter): void {
    this.state.watchers.push(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.state.watchers.remove(waiter)
  }
}
