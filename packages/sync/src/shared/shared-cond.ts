/**
 * SharedCond: wait until something about what a shared lock guards has changed.
 *
 * Memory, three Int32 from `offset` on, every access atomic:
 *   0 HEADER  see core's shared-words.ts.
 *   1 CALLED  how many tickets have been called: by signal, one more if one was given that has not been called; by broadcast, all that were
 *             given. By compare-and-swap.
 *   2 TICKETS how many tickets were given: one more by each wait, which has the lock.
 *
 * Both count round, in 32 bits. A waiter with ticket t is free once CALLED - t > 0, so waiters wake in the order in which they came, on
 * whatever threads. All threads that wait for CALLED are notified, as one can't tell whose ticket was called.
 *
 * No lost signal: a ticket that is called after its waiter has been withdrawn calls the next one. Its thread keeps it until then. If the
 * thread ends, what its tickets were called for is lost, so `threadDied` calls all.
 */
import { NotReady, Op, type OpClass, type Waiter, WaitWord, type Yieldable } from "@weft/core"
import { type SharedHandle, wordsOf } from "./shared-handle.ts"
import type { SharedMutex } from "./shared-mutex.ts"

const kind = { name: "SharedCond", number: 7, version: 1 } as const

const Called = 1
const Tickets = 2
const wordCount = 3

/**
 * A condition variable over a {@link SharedMutex}, for the goroutines of many threads.
 *
 * Laws
 * - `wait` unlocks, waits and locks again. It never wakes without a `signal` or `broadcast` that came after it began; look at the condition
 *   all the same, as others may have locked in between.
 * - `signal` wakes the one that waits longest, on whatever thread, `broadcast` all. Neither is remembered, and neither needs the lock.
 * - However `wait` ends, the lock is held, unless locking it failed with `OwnerDied`. A signal to one that was interrupted goes to the next.
 *
 * Memory: 12 bytes, word by word at the top of this file.
 *
 * Errors: `OwnerDied`; `SharedLayoutMismatch`, `InvalidSharedPlace`, `SharedMemoryUnavailable` where it can't be made.
 *
 * @example
 * const mutex = new SharedMutex()
 * const cond = new SharedCond(mutex)
 * const queue = new Int32Array(new SharedArrayBuffer(4))
 * yield* mutex.lock()
 * while (queue[0] === 0) yield* cond.wait()
 * mutex.unlock()
 *
 * @see Go: sync.Cond
 * @since 0.2.0
 */
export class SharedCond {
  readonly locker: SharedMutex
  readonly #lot: Lot

  /** Over `mutex`, in memory of its own; or the one that a handle names, as by `from`. */
  constructor(mutex: SharedMutex, handle?: SharedHandle<"SharedCond">) {
    this.locker = mutex
    this.#lot = new Lot(wordsOf(kind, wordCount, handle), Called)
  }

  /** The one that lies at `offset` in `buffer`, or is made there of zeroed memory. */
  static at(mutex: SharedMutex, buffer: SharedArrayBuffer, offset: number): SharedCond {
    return new SharedCond(mutex, { weft: "SharedCond", buffer, offset })
  }

  /** The one that another thread has shared, over the same mutex, which it has shared too. */
  static from(mutex: SharedMutex, handle: SharedHandle<"SharedCond">): SharedCond {
    return new SharedCond(mutex, handle)
  }

  /** What a message can carry to another thread, where `SharedCond.from` makes it of it. */
  share(): SharedHandle<"SharedCond"> {
    const { buffer, byteOffset } = this.#lot.words
    return { weft: "SharedCond", buffer: buffer as SharedArrayBuffer, offset: byteOffset }
  }

  /** Unlocks, waits for a signal, and locks again: `yield*` it. */
  *wait(): Generator<Yieldable, void, never> {
    const called = new Wait(this.#lot, this.#lot.takeTicket()) as OpClass<void>
    this.locker.unlock()
    try {
      yield* called
    } finally {
      yield* this.locker.lock()
    }
  }

  /** Wakes the one that waits longest, if any does. */
  signal(): void {
    this.#lot.signal(1)
  }

  /** Wakes all that wait. */
  broadcast(): void {
    this.#lot.broadcast()
  }

  /** Says that a thread has ended: all look again, as a signal may have gone to it. `@weft/workers` does for its own. */
  threadDied(): void {
    this.#lot.broadcast()
  }
}

class Lot extends WaitWord {
  /** Tickets of waiters who were withdrawn before they were called. */
  #abandoned: Array<number> = []

  takeTicket(): number {
    return Atomics.add(this.words, Tickets, 1)
  }

  isCalled(ticket: number): boolean {
    return isBefore(ticket, Atomics.load(this.words, Called))
  }

  signal(count: number): void {
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

  broadcast(): void {
    const given = Atomics.load(this.words, Tickets)
    let called = Atomics.load(this.words, Called)
    while (isBefore(called, given)) called = Atomics.compareExchange(this.words, Called, called, given)
    this.tellAll()
  }

  private tellAll(): void {
    Atomics.notify(this.words, Called, Infinity)
    if (this.isAttentive) this.attend(false)
  }

  protected override get isAttentive(): boolean {
    return this.waiters.head !== null || this.#abandoned.length > 0
  }

  /** The ticket was called, or is kept until it is. */
  abandon(ticket: number): void {
    this.#abandoned.push(ticket)
    this.attend(false)
  }

  protected override serve(): number {
    for (;;) {
      const called = Atomics.load(this.words, Called)
      let heirs = 0
      for (let front = this.waiters.head; front !== null; front = this.waiters.head) {
        if (!isBefore(front.slot as number, called)) break
        this.waiters.shift()
        if (!this.grant(front, undefined)) heirs++
      }
      const kept = this.#abandoned.filter((ticket) => !isBefore(ticket, called))
      heirs += this.#abandoned.length - kept.length
      this.#abandoned = kept
      if (heirs === 0) return called
      this.signal(heirs)
    }
  }

  protected override passOn(): void {
    // All are woken at once.
  }
}

/** Counted round: whether `a` comes before `b`. */
const isBefore = (a: number, b: number): boolean => ((b - a) | 0) > 0

class Wait extends Op<void> {
  declare private readonly lot: Lot
  declare private readonly ticket: number

  constructor(lot: Lot, ticket: number) {
    super()
    this.lot = lot
    this.ticket = ticket
  }

  get name(): string {
    return "sync.SharedCond.Wait"
  }
  override get detail(): string {
    return `a shared cond (ticket ${this.ticket}, ${Atomics.load(this.lot.words, Called)} called)`
  }
  override get on(): object {
    return this.lot
  }
  /** Withdrawing it may let others go on: fibers at once. */
  override get startsWork(): boolean {
    return true
  }
  poll(): unknown {
    return this.lot.isCalled(this.ticket) ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    waiter.slot = this.ticket
    this.lot.park(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.lot.withdraw(waiter)
    this.lot.abandon(this.ticket)
  }
}
