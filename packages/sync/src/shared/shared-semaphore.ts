/**
 * SharedSemaphore: permits in shared memory, for the goroutines of many threads.
 *
 * Memory, four Int32 from `offset` on, every access atomic:
 *   0 HEADER   see core's shared-words.ts.
 *   1 STATE    bits 0..23 the permits held; 24 WAITERS, 25 RESERVED: see claimable-word.ts.
 *   2 CLAIMANT see claimable-word.ts.
 *   3 SIZE     the permits that there are, and one more. Written once, by compare-and-swap from 0, by whoever makes the semaphore first.
 *
 * Transitions of STATE, all by compare-and-swap:
 *   acquire  h -> h + k if h + k <= size, keeping WAITERS; for a waiter also setting WAITERS and clearing RESERVED
 *   release  h -> h - k. Without RESERVED it clears WAITERS and notifies one thread, with it, it keeps both and notifies all
 *   wait     h -> h | WAITERS, and RESERVED if claimed, then waits for STATE to change
 *
 * A release of many permits wakes one thread; that one wakes the next when it has served its own and some are left.
 *
 * Order: first come, first served among the goroutines of a thread, whatever the weight; among threads as claimable-word.ts has it, so that a
 * large request is not starved by small ones of other threads.
 */
import {
  accessed,
  currentProcessor,
  type ErrorOf,
  NotReady,
  Op,
  type OpIterator,
  Phase,
  type Waiter,
  type Yieldable,
} from "@weft/core"
import type { PlainOrBody } from "../body-op.ts"
import { Guard, type Guarded } from "../guard.ts"
import { checkedCount } from "../invalid-amount.ts"
import { ReleasedMoreThanHeld } from "../semaphore.ts"
import { shown } from "../shown.ts"
import { WithLock } from "../with-lock.ts"
import { ClaimableWord, Reserved, Waiters } from "./claimable-word.ts"
import { checkedThread } from "./checked-thread.ts"
import { handleFor, handleOf, type SharedHandle, wordsOf } from "./shared-handle.ts"
import { SharedSizeMismatch } from "./shared-size-mismatch.ts"

const kind = { name: "SharedSemaphore", number: 2, version: 1 } as const

const State = 1
const Claimant = 2
const Size = 3
const wordCount = 4

const Held = 0xffffff
const mostPermits = Held

/**
 * A weighted semaphore for the goroutines of many threads. A goroutine that finds too few permits parks; its thread runs on.
 *
 * Laws
 * - Never more permits are held than there are, on all threads together.
 * - First come, first served in a thread, whatever the weight; among threads a waiter is passed over a bounded number of times.
 * - Who wants more than the size waits until cancelled, and holds nobody back.
 * - A select that waits for one twice, with different weights say, waits behind itself as it would behind another.
 * - Permits have no owner. Those that a thread held when it ended are lost, unless somebody releases them in its stead.
 *
 * Memory: 16 bytes, word by word at the top of this file. At most 16,777,215 permits.
 *
 * Errors: `ReleasedMoreThanHeld`, `InvalidAmount`; `SharedSizeMismatch` where the memory has a semaphore of another size;
 * `SharedLayoutMismatch`, `InvalidSharedPlace`, `SharedMemoryUnavailable` where it can't be made.
 *
 * @example
 * const connections = new SharedSemaphore(10)
 * // In another thread: SharedSemaphore.from(handle), of connections.share().
 * {
 *   using permit = yield* connections.acquire()
 *   yield* sleep(1)
 * }
 *
 * @see Go: golang.org/x/sync/semaphore
 * @since 0.2.0
 */
export class SharedSemaphore {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown(
    "SharedSemaphore",
    this,
    (semaphore) => semaphore.#lot.status,
  ) as true

  readonly size: number
  readonly #lot: Lot

  /** With `size` permits, in memory of its own; or in what a handle names, as by `from`. */
  constructor(size: number, handle?: SharedHandle<"SharedSemaphore">) {
    checkedCount("semaphore: size", size, 0, mostPermits)
    const words = wordsOf(kind, wordCount, handle)
    const found = Atomics.compareExchange(words, Size, 0, size + 1)
    if (found !== 0 && found !== size + 1) throw new SharedSizeMismatch(kind.name, size, found - 1)
    this.size = size
    this.#lot = new Lot(words, size)
  }

  /** The one that lies at `offset` in `buffer`, or is made there of zeroed memory. */
  static at(size: number, buffer: SharedArrayBuffer, offset: number): SharedSemaphore {
    return new SharedSemaphore(size, { weft: "SharedSemaphore", buffer, offset })
  }

  /** The semaphore that another thread has shared. */
  static from(handle: SharedHandle<"SharedSemaphore">): SharedSemaphore {
    const words = wordsOf(kind, wordCount, handleOf(kind.name, handle))
    return new SharedSemaphore(Atomics.load(words, Size) - 1, handle)
  }

  /** What a message can carry to another thread, where `SharedSemaphore.from` makes the semaphore of it. */
  share(): SharedHandle<"SharedSemaphore"> {
    return handleFor("SharedSemaphore", this.#lot)
  }

  /** The permits that nobody holds, on any thread, at this moment. */
  get free(): number {
    accessed(this.#lot.memory)
    return this.size - (Atomics.load(this.#lot.words, State) & Held)
  }

  /**
   * Takes `k` permits once they are free and nobody is in front. What it gives releases them when disposed, for `using`: end it so or by
   * `release`, not by both.
   */
  acquire(k = 1): Op<Guard> {
    return new Acquire(this.#lot, checkedCount("semaphore: n", k))
  }

  /** Takes `k` permits if that needs no waiting, and says whether it did. */
  tryAcquire(k = 1): boolean {
    accessed(this.#lot.memory)
    return this.#lot.tryAcquire(checkedCount("semaphore: n", k))
  }

  /** Gives `k` permits back, from any thread. A refused call changes nothing. */
  release(k = 1): void {
    this.#lot.release(checkedCount("semaphore: n", k))
  }

  /**
   * Acquires `k` permits, runs `body`, plain or a generator function, and releases them however that ends. See `Semaphore.withPermits`.
   */
  withPermits<A, Y extends Yieldable>(k: number, body: () => Generator<Y, A, never>): Op<A, ErrorOf<Y>>
  withPermits<A>(k: number, body: () => A): Op<A>
  withPermits(k: number, body: PlainOrBody<unknown>): Op<unknown> {
    const acquire = this.acquire(k)
    return new WithLock("SharedSemaphore.withPermits", { lock: () => acquire }, body)
  }

  /** Says that a thread has ended, by its `threadId()`: what was reserved for it is free again. `@weft/workers` does for its own. */
  threadDied(thread: number): void {
    this.#lot.threadDied(checkedThread(thread))
  }
}

class Lot extends ClaimableWord implements Guarded {
  readonly size: number
  /** What this thread last made of STATE: a guess, which saves the short way a read (0.9x). */
  private lastState = 0

  constructor(words: Int32Array<SharedArrayBuffer>, size: number) {
    super(words, State, Claimant)
    this.size = size
  }

  tryAcquire(k: number): boolean {
    if (this.waiters.head !== null) return false
    let state = this.lastState
    for (let isRead = false; ; isRead = true) {
      if ((state & Held) + k > this.size || (state & Reserved) !== 0) {
        if (isRead) return false
        state = Atomics.load(this.words, State)
      } else {
        const found = Atomics.compareExchange(this.words, State, state, state + k)
        if (found === state) {
          this.lastState = state + k
          return true
        }
        state = found
      }
    }
  }

  release(k: number): void {
    accessed(this.memory)
    let state = this.lastState
    for (let isRead = false; ; isRead = true) {
      const held = state & Held
      if (k > held) {
        if (isRead) throw new ReleasedMoreThanHeld(k, held)
        state = Atomics.load(this.words, State)
      } else {
        const flags = (state & Reserved) === 0 ? 0 : state & (Reserved | Waiters)
        const found = Atomics.compareExchange(this.words, State, state, (held - k) | flags)
        if (found === state) {
          this.lastState = (held - k) | flags
          break
        }
        state = found
      }
    }
    if ((state & Waiters) !== 0) this.wake(state)
    if (this.waiters.head !== null) this.attend(false)
  }

  protected override isTaken(state: number): boolean {
    return (state & Held) >= this.size
  }
  protected override mayHave(waiter: Waiter, state: number): boolean {
    return (state & Held) + (waiter.slot as number) <= this.size
  }
  protected override after(waiter: Waiter, state: number): number {
    return state + (waiter.slot as number)
  }
  protected override giveBack(waiter: Waiter): void {
    this.release(waiter.slot as number)
  }

  threadDied(thread: number): void {
    accessed(this.memory)
    this.forgetThread(thread)
  }

  get status(): string {
    return `${this.size - (Atomics.load(this.words, State) & Held)} of ${this.size} free`
  }
}

class Acquire extends Op<Guard> {
  declare private readonly lot: Lot
  declare private readonly k: number

  constructor(lot: Lot, k: number) {
    super()
    this.lot = lot
    this.k = k
  }

  // Op's own iteration, written out: see channels' send.ts.
  override [Symbol.iterator](): OpIterator<Guard, never> {
    const processor = currentProcessor()
    if (this.phase !== Phase.Idle || processor.current === null || --processor.ticks < 0)
      return super[Symbol.iterator]()
    if (this.lot.tryAcquire(this.k)) {
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
    return "sync.SharedSemaphore.Acquire"
  }
  override get detail(): string {
    return `${this.k} of a shared semaphore (${this.lot.status})`
  }
  override get on(): object {
    return this.lot.memory
  }
  /** Withdrawing it lets those behind it go on: fibers at once. */
  override get startsWork(): boolean {
    return true
  }
  poll(): unknown {
    return this.lot.tryAcquire(this.k) ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    // Nobody can ever serve it: it stands in no list, and holds nobody back.
    if (this.k > this.lot.size) return
    waiter.slot = this.k
    this.lot.park(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.lot.withdraw(waiter)
  }
  override finish(): Guard {
    return new Guard(this.lot, this.k)
  }
}
