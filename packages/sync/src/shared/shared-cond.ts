/**
 * SharedCond: wait until something about what a shared lock guards has changed.
 *
 * Memory, four Int32 from `offset` on, every access atomic:
 *   0 HEADER  see core's shared-words.ts.
 *   1 CALLED  how many tickets have been called: by signal, one more if one was given that has not been called; by broadcast, all that were
 *             given. By compare-and-swap.
 *   2 TICKETS how many tickets were given: one more by each wait, which has the lock.
 *   3 CHANGES how many signals and broadcasts there were, for `changed`.
 *
 * All count round, in 32 bits. A waiter with ticket t is called once CALLED - t > 0, so waiters wake in the order in which they came, on
 * whatever threads. All threads that wait for CALLED are notified, as one can't tell whose ticket was called.
 *
 *   asleep --its ticket is called, its context ends--> locking --lock handed over--> over
 *      |                                                  |
 *      +--------------- interrupted: it locks again, before its `finally` blocks run ---> over
 *
 * No lost signal: a ticket whose waiter has been withdrawn is kept by its thread. At the front it is passed over, by CALLED + 1; called
 * before, it calls the next one. If the thread ends, what its tickets were called for is lost, so `threadDied` calls all.
 */
import {
  accessed,
  type Context,
  type ContextCanceled,
  type DeadlineExceeded,
  failure,
  NotReady,
  Op,
  type Processor,
  Waiter,
  WaitWord,
} from "@weft/core"
import { CondWait } from "../cond.ts"
import type { Locker } from "../locker.ts"
import { holdOf, LockAgain, Relocking } from "../relocking.ts"
import type { OwnerDied } from "./owner-died.ts"
import { checkedThread } from "./checked-thread.ts"
import { handleOf, type SharedHandle, wordsOf } from "./shared-handle.ts"

const kind = { name: "SharedCond", number: 7, version: 1 } as const

const Called = 1
const Tickets = 2
const Changes = 3
const wordCount = 4

/**
 * A condition variable over a {@link SharedMutex} or a {@link SharedRWMutex}, for the goroutines of many threads.
 *
 * Laws
 * - `wait` unlocks, waits and locks again. It wakes only by a `signal` or `broadcast`; look at the condition all the same, as others may have
 *   locked in between.
 * - `signal` wakes the one that waits longest, on whatever thread, `broadcast` all. Neither is remembered, and neither needs the lock.
 * - However `wait` ends, the lock is held, unless locking it failed with `OwnerDied`: also when its context has ended, which it fails with, and
 *   when its goroutine was interrupted, before the `finally` blocks run.
 * - A signal to one that was interrupted, or whose context ended, before it had the lock goes to the next, who may have come later.
 * - `wait` is no op: a select refuses it, as whether the lock is held would depend on which case won. Select on `changed()`.
 *
 * Memory: 16 bytes, word by word at the top of this file.
 *
 * Errors: `OwnerDied`; `SharedLayoutMismatch`, `InvalidSharedPlace`, `SharedMemoryUnavailable` where it can't be made.
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
  readonly #lot: Lot

  /** Over a lock, in memory of its own; or the one that a handle names, as by `from`. */
  constructor(locker: Locker<OwnerDied>, handle?: SharedHandle<"SharedCond">) {
    this.#lot = new Lot(wordsOf(kind, wordCount, handle), locker)
  }

  /** The one that lies at `offset` in `buffer`, or is made there of zeroed memory. */
  static at(locker: Locker<OwnerDied>, buffer: SharedArrayBuffer, offset: number): SharedCond {
    return new SharedCond(locker, { weft: "SharedCond", buffer, offset })
  }

  /** The one that another thread has shared, over the same lock, which it has shared too. */
  static from(locker: Locker<OwnerDied>, handle: SharedHandle<"SharedCond">): SharedCond {
    return new SharedCond(locker, handleOf(kind.name, handle))
  }

  /** What a message can carry to another thread, where `SharedCond.from` makes it of it. */
  share(): SharedHandle<"SharedCond"> {
    const { memory, words } = this.#lot
    return { weft: "SharedCond", buffer: memory, offset: words.byteOffset }
  }

  /** What was given to the constructor: lock it to look at the condition. */
  get locker(): Locker<OwnerDied> {
    return this.#lot.locker
  }

  /** Unlocks, waits for a signal, and locks again. Fails with the `err` of `ctx` once that has ended, the lock held. */
  wait(): CondWait<OwnerDied>
  wait(ctx: Context): CondWait<OwnerDied | ContextCanceled | DeadlineExceeded>
  wait(ctx?: Context): CondWait<OwnerDied | ContextCanceled | DeadlineExceeded> {
    return new CondWait(new Wait(this.#lot, ctx))
  }

  /** Wakes the one that waits longest, if any does. */
  signal(): void {
    this.#lot.signal()
  }

  /** Wakes all that wait. */
  broadcast(): void {
    this.#lot.broadcast()
  }

  /**
   * Ready once a signal or a broadcast has come since this call, on any thread, for good: for a select. Make it while the lock is held, then
   * unlock, then select: what changes in between is not missed. It takes no signal from those in `wait`.
   */
  changed(): Op<void> {
    return new Changed(this.#lot.watch)
  }

  /** Says that a thread has ended: all look again, as a signal may have gone to it. `@weft/workers` does for its own. */
  threadDied(thread: number): void {
    checkedThread(thread)
    this.#lot.broadcast()
  }
}

class Lot extends WaitWord {
  readonly locker: Locker<OwnerDied>
  readonly memory: SharedArrayBuffer
  readonly watch: Watch
  /** Tickets of waiters who were withdrawn before they were called, in the order of tickets. */
  readonly #abandoned: Array<number> = []

  constructor(words: Int32Array<SharedArrayBuffer>, locker: Locker<OwnerDied>) {
    super(words, Called)
    this.locker = locker
    this.memory = words.buffer
    this.watch = new Watch(words)
  }

  takeTicket(): number {
    return Atomics.add(this.words, Tickets, 1)
  }

  signal(): void {
    this.callNext(1)
    this.watch.change()
  }

  broadcast(): void {
    accessed(this.memory)
    const given = Atomics.load(this.words, Tickets)
    let called = Atomics.load(this.words, Called)
    while (isBefore(called, given)) {
      const found = Atomics.compareExchange(this.words, Called, called, given)
      if (found === called) break
      called = found
    }
    this.tellAll()
    this.watch.change()
  }

  private callNext(count: number): void {
    accessed(this.memory)
    let called = Atomics.load(this.words, Called)
    for (let left = count; left > 0;) {
      if (called === Atomics.load(this.words, Tickets)) break
      const found = Atomics.compareExchange(this.words, Called, called, (called + 1) | 0)
      if (found === called) {
        left--
        called = (called + 1) | 0
      } else called = found
    }
    this.tellAll()
  }

  private tellAll(): void {
    Atomics.notify(this.words, Called, Infinity)
    if (this.isAttentive) this.attend(false)
  }

  protected override get isAttentive(): boolean {
    return this.waiters.head !== null || this.#abandoned.length > 0
  }

  /** Its sleeper is gone: the ticket is kept until it is called, or at the front. */
  abandon(ticket: number): void {
    const all = this.#abandoned
    let i = all.length
    while (i > 0 && isBefore(ticket, all[i - 1]!)) i--
    all.splice(i, 0, ticket)
    this.attend(false)
  }

  /** One that was called has left, and another is called in its place. */
  callInPlace(): void {
    this.callNext(1)
  }

  protected override serve(): number {
    for (;;) {
      const called = Atomics.load(this.words, Called)
      const front = this.waiters.head as Sleeper | null
      const abandoned = this.#abandoned[0]
      if (front !== null && isBefore(front.ticket, called)) {
        this.waiters.shift()
        this.forget(front)
        front.wake()
      } else if (abandoned !== undefined && isBefore(abandoned, called)) {
        this.#abandoned.shift()
        this.callNext(1)
      } else if (abandoned === called) {
        this.#abandoned.shift()
        // Called meanwhile, it was called in place of the next.
        if (Atomics.compareExchange(this.words, Called, called, (called + 1) | 0) !== called) this.callNext(1)
        else Atomics.notify(this.words, Called, Infinity)
      } else return called
    }
  }

  protected override passOn(): void {
    // All are woken at once.
  }

  get detail(): string {
    const waiting = (Atomics.load(this.words, Tickets) - Atomics.load(this.words, Called)) | 0
    return `a shared cond (${waiting} waiting)`
  }
}

/** Counted round: whether `a` comes before `b`. */
const isBefore = (a: number, b: number): boolean => ((b - a) | 0) > 0

class Wait extends Op<void, OwnerDied | ContextCanceled | DeadlineExceeded> {
  declare private readonly lot: Lot
  declare private readonly ctx: Context | undefined

  constructor(lot: Lot, ctx: Context | undefined) {
    super()
    this.lot = lot
    this.ctx = ctx
  }

  get name(): string {
    return "sync.SharedCond.Wait"
  }
  override get detail(): string {
    return this.lot.detail
  }
  override get on(): object | undefined {
    const { on } = this.lot.locker.lock()
    return this.ctx !== undefined || on === undefined ? undefined : [this.lot.memory, on].flat()
  }
  poll(): unknown {
    if (this.ctx?.err !== undefined) throw failure(this.ctx.err)
    return NotReady
  }
  enqueue(waiter: Waiter): void {
    const sleeper = new Sleeper(this.lot, this.ctx, waiter)
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
class Sleeper extends Relocking {
  ticket = 0
  readonly #lot: Lot
  readonly #ctx: Context | undefined
  #contextEnd: { readonly done: Op<void>; readonly waiter: Waiter } | undefined
  #thrown: { readonly error: unknown } | undefined

  constructor(lot: Lot, ctx: Context | undefined, waiter: Waiter) {
    super(lot.locker, waiter, holdOf(lot.locker))
    this.#lot = lot
    this.#ctx = ctx
  }

  fallAsleep(): void {
    this.ticket = this.#lot.takeTicket()
    if (this.#ctx !== undefined) {
      this.#contextEnd = { done: this.#ctx.done, waiter: new ContextEnd(this) }
      this.#contextEnd.done.enqueue(this.#contextEnd.waiter)
    }
    // Asleep first: a fiber that waits for the lock runs on inside the unlocking, and may wait too, with a later ticket.
    this.#lot.park(this)
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
      if (this.#thrown === undefined) this.#lot.callInPlace()
    } else this.getUp()
    return new LockAgain(this.locker, this.hold)
  }

  protected override hasLocked(raw: unknown): void {
    if (this.#thrown === undefined) this.waiter.commit(raw)
    else this.waiter.fail(this.#thrown.error)
  }

  private getUp(): void {
    this.forgetContext()
    this.#lot.withdraw(this)
    this.#lot.abandon(this.ticket)
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

/** Waits for CHANGES. */
class Watch extends WaitWord {
  readonly memory: SharedArrayBuffer

  constructor(words: Int32Array<SharedArrayBuffer>) {
    super(words, Changes)
    this.memory = words.buffer
  }

  get changes(): number {
    accessed(this.memory)
    return Atomics.load(this.words, Changes)
  }

  change(): void {
    Atomics.add(this.words, Changes, 1)
    Atomics.notify(this.words, Changes, Infinity)
    if (this.waiters.head !== null) this.attend(false)
  }

  protected override serve(): number {
    const changes = Atomics.load(this.words, Changes)
    for (let watcher = this.waiters.head; watcher !== null;) {
      if (watcher.slot === changes) watcher = watcher.next
      else {
        this.waiters.remove(watcher)
        this.grant(watcher, undefined)
        // From the front again: a fiber runs on inside its commit, and others may have come or gone.
        watcher = this.waiters.head
      }
    }
    return changes
  }

  protected override passOn(): void {
    // All are woken at once.
  }
}

class Changed extends Op<void> {
  declare private readonly watch: Watch
  declare private readonly since: number

  constructor(watch: Watch) {
    super()
    this.watch = watch
    this.since = watch.changes
  }

  get name(): string {
    return "sync.SharedCond.Changed"
  }
  override get detail(): string {
    return "a shared cond"
  }
  override get on(): object {
    return this.watch.memory
  }
  poll(): unknown {
    return this.watch.changes === this.since ? NotReady : undefined
  }
  enqueue(waiter: Waiter): void {
    waiter.slot = this.since
    this.watch.park(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.watch.withdraw(waiter)
  }
}
