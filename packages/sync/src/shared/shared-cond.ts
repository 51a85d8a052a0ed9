/**
 * SharedCond: wait until something about what a shared lock guards has changed.
 *
 * Memory, four Int32 from `offset` on, every access atomic:
 *   0 HEADER  see core's shared-words.ts.
 *   1 CALLED, 2 TICKETS: who waits, in the order in which they came. See notify-list.ts.
 *   3 CHANGES how many signals and broadcasts there were, for `changed`. See event-count.ts.
 *
 * A wait stands in the list of those asleep, then in the queue of the lock:
 *
 *   asleep --its ticket is called, its context ends--> locking --lock handed over--> over
 *      |                                                  |
 *      +--------------- interrupted: it locks again, before its `finally` blocks run ---> over
 *
 * No lost signal: what a waiter was called for, and did not come to, goes to the next. If the thread ends, what its tickets were called for is
 * lost, so `threadDied` calls all.
 */
import {
  type Context,
  type ContextCanceled,
  type DeadlineExceeded,
  failure,
  NotReady,
  Op,
  type Processor,
  Waiter,
} from "@weft/core"
import { checkedContext } from "../checked-context.ts"
import { CondWait } from "../cond.ts"
import { checkedSharedLocker, type Locker } from "../locker.ts"
import { holdOf, LockAgain, Relocking } from "../relocking.ts"
import { shown } from "../shown.ts"
import { checkedThread } from "./checked-thread.ts"
import { Changed, EventCount } from "./event-count.ts"
import { NotifyList, type TicketHolder } from "./notify-list.ts"
import type { OwnerDied } from "./owner-died.ts"
import { handleFor, handleOf, type SharedHandle, wordsOf } from "./shared-handle.ts"

const kind = { name: "SharedCond", number: 7, version: 1 } as const

const Called = 1
const Tickets = 2
const Changes = 3
const wordCount = 4

/**
 * A condition variable over a {@link SharedMutex} or a {@link SharedRWMutex}, for the goroutines of many threads.
 *
 * Laws
 * - `wait` unlocks, waits and locks again. It wakes by a `signal` or `broadcast`, and when a thread ends of which somebody waits, or has given up
 *   waiting; look at the condition all the same, as others may have locked in between.
 * - `signal` wakes the one that waits longest, on whatever thread, `broadcast` all. Neither is remembered, and neither needs the lock.
 * - However `wait` ends, the lock is held, unless locking it failed with `OwnerDied`: also when its context has ended, which it fails with, and
 *   when its goroutine was interrupted, before the `finally` blocks run.
 * - A signal to one that was interrupted, or whose context ended, before it had the lock goes to the next, who may have come later. His thread
 *   passes it on, as soon as its other goroutines let it.
 * - `wait` is no op: a select refuses it, as whether the lock is held would depend on which case won. Select on `changed()`.
 *
 * Memory: 16 bytes, word by word at the top of this file.
 *
 * Errors: `OwnerDied`; `InvalidLocker` where it is made over no lock, or over one of a single thread; `ContextMisuse` where `wait` is
 * given what is no context; `SharedLayoutMismatch`, `InvalidSharedPlace`, `SharedMemoryUnavailable` where it can't be made.
 *
 * @example
 * const mutex = new SharedMutex()
 * const cond = new SharedCond(mutex)
 * const queued = new Int32Array(new SharedArrayBuffer(4))
 * using guard = yield* mutex.lock()
 * while (queued[0] === 0) yield* cond.wait()
 * queued[0]!--
 *
 * @see Go: sync.Cond
 * @since 0.2.0
 */
export class SharedCond {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown(
    "SharedCond",
    this,
    (cond) => `${cond.#asleep.length} waiting`,
  ) as true

  readonly #locker: Locker<OwnerDied>
  readonly #asleep: NotifyList
  readonly #changes: EventCount

  /** Over a lock, in memory of its own; or the one that a handle names, as by `from`. */
  constructor(locker: Locker<OwnerDied>, handle?: SharedHandle<"SharedCond">) {
    // Attached without a lock it can still be told of a thread's end, as workers do.
    if ((locker as unknown) !== undefined || handle === undefined) checkedSharedLocker(kind.name, locker)
    const words = wordsOf(kind, wordCount, handle)
    this.#locker = locker
    this.#asleep = new NotifyList(words, Called, Tickets)
    this.#changes = new EventCount(words, Changes)
  }

  /** The one that lies at `offset` in `buffer`, or is made there of zeroed memory. */
  static at(locker: Locker<OwnerDied>, buffer: SharedArrayBuffer, offset: number): SharedCond {
    return new SharedCond(checkedSharedLocker(kind.name, locker), { weft: "SharedCond", buffer, offset })
  }

  /**
   * The one that another thread has shared, over the same lock, which it has shared too. Over another one, which the memory can't tell, a wait
   * can miss the signal that was sent between its look and its sleep.
   */
  static from(locker: Locker<OwnerDied>, handle: SharedHandle<"SharedCond">): SharedCond {
    return new SharedCond(locker, handleOf(kind.name, handle))
  }

  /** What a message can carry to another thread, where `SharedCond.from` makes it of it. */
  share(): SharedHandle<"SharedCond"> {
    return handleFor("SharedCond", this.#asleep)
  }

  /** What was given to the constructor: lock it to look at the condition. */
  get locker(): Locker<OwnerDied> {
    return this.#locker
  }

  /** Unlocks, waits for a signal, and locks again. Fails with the `err` of `ctx` once that has ended, the lock held. */
  wait(): CondWait<OwnerDied>
  wait(ctx: Context): CondWait<OwnerDied | ContextCanceled | DeadlineExceeded>
  wait(ctx?: Context): CondWait<OwnerDied | ContextCanceled | DeadlineExceeded> {
    if ((this.#locker as unknown) === undefined) checkedSharedLocker(kind.name, this.#locker)
    return new CondWait(new Wait(this.#asleep, this.#locker, checkedContext("SharedCond.wait", ctx, "changed()")))
  }

  /** Wakes the one that waits longest, if any does. */
  signal(): void {
    this.#asleep.callNext()
    this.#changes.advance()
  }

  /** Wakes all that wait. */
  broadcast(): void {
    this.#asleep.callAll()
    this.#changes.advance()
  }

  /**
   * Ready once a signal or a broadcast has come since this call, on any thread, for good: for a select. Make it while the lock is held, then
   * unlock, then select: what changes in between is not missed. It takes no signal from those in `wait`.
   */
  changed(): Op<void> {
    return new Changed(this.#changes)
  }

  /** Says that a thread has ended: all look again, as a signal may have gone to it. `@weft/workers` does for its own. */
  threadDied(thread: number): void {
    checkedThread(thread)
    this.broadcast()
  }
}

class Wait extends Op<void, OwnerDied | ContextCanceled | DeadlineExceeded> {
  declare private readonly asleep: NotifyList
  declare private readonly locker: Locker<OwnerDied>
  declare private readonly ctx: Context | undefined

  constructor(asleep: NotifyList, locker: Locker<OwnerDied>, ctx: Context | undefined) {
    super()
    this.asleep = asleep
    this.locker = locker
    this.ctx = ctx
  }

  get name(): string {
    return "sync.SharedCond.Wait"
  }
  override get detail(): string {
    return `a shared cond (${this.asleep.length} waiting)`
  }
  override get on(): object | undefined {
    const { on } = this.locker.lock()
    return this.ctx !== undefined || on === undefined ? undefined : [this.asleep.memory, on].flat()
  }
  poll(): unknown {
    if (this.ctx?.err !== undefined) throw failure(this.ctx.err)
    return NotReady
  }
  enqueue(waiter: Waiter): void {
    const sleeper = new Sleeper(this.asleep, this.locker, this.ctx, waiter)
    waiter.slot = sleeper
    sleeper.fallAsleep()
  }
  dequeue(waiter: Waiter): Op<unknown, unknown> {
    const sleeper = waiter.slot as Sleeper
    waiter.slot = undefined
    return sleeper.withdraw()
  }
  override finish(): void {}
}

/** One wait: it stands in this thread's list, then in the lock's queue. */
class Sleeper extends Relocking implements TicketHolder {
  ticket = 0
  readonly #asleep: NotifyList
  readonly #ctx: Context | undefined
  #contextEnd: { readonly done: Op<void>; readonly waiter: Waiter } | undefined
  #thrown: { readonly error: unknown } | undefined

  constructor(asleep: NotifyList, locker: Locker<OwnerDied>, ctx: Context | undefined, waiter: Waiter) {
    super(locker, waiter, holdOf(locker))
    this.#asleep = asleep
    this.#ctx = ctx
  }

  fallAsleep(): void {
    this.ticket = this.#asleep.takeTicket()
    if (this.#ctx !== undefined) {
      this.#contextEnd = { done: this.#ctx.done, waiter: new ContextEnd(this) }
      this.#contextEnd.done.enqueue(this.#contextEnd.waiter)
    }
    // Asleep first: a fiber that waits for the lock runs on inside the unlocking, and may wait too, with a later ticket.
    this.#asleep.park(this)
    try {
      this.locker.unlock()
    } catch (error) {
      this.getUp()
      throw error
    }
  }

  /** Out of the list: it locks. */
  wake(): void {
    this.forgetContext()
    this.begin()
  }

  contextEnded(): void {
    this.#contextEnd = undefined
    this.#thrown = { error: failure(this.#ctx!.err) }
    this.getUp()
    this.begin()
  }

  withdraw(): Op<unknown, unknown> {
    if (this.isLocking) {
      this.leave()
      // One whose context ended was not called.
      if (this.#thrown === undefined) this.#asleep.callNext()
    } else this.getUp()
    return new LockAgain(this.locker, this.hold)
  }

  protected override hasLocked(raw: unknown): void {
    if (this.#thrown === undefined) this.waiter.commit(raw)
    else this.waiter.fail(this.#thrown.error)
  }

  private getUp(): void {
    this.forgetContext()
    this.#asleep.withdraw(this)
    this.#asleep.abandon(this.ticket)
  }

  private forgetContext(): void {
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
