/**
 * SharedMutex: a mutual exclusion lock in shared memory, for the goroutines of many threads.
 *
 * Memory, three Int32 from `offset` on, every access atomic:
 *   0 HEADER   see core's shared-words.ts.
 *   1 STATE    bits 0..23 the owner's thread number, 0 while free; 24 WAITERS, 25 RESERVED: see claimable-word.ts; 26 DIED: the last owner's
 *              thread ended while it held the lock.
 *   2 CLAIMANT see claimable-word.ts.
 *
 * Transitions of STATE, all by compare-and-swap:
 *   lock     free -> me, keeping WAITERS; for a waiter free -> me | WAITERS, clearing RESERVED
 *   unlock   held -> free. Without RESERVED it clears WAITERS and notifies one thread; with it, it keeps both and notifies all, as only one
 *            of them may have the lock
 *   wait     held -> held | WAITERS, and RESERVED if claimed, then waits for STATE to change
 *   owner's death   held by it -> free | DIED, keeping the rest, and notifies all
 *
 * Order: first come, first served among the goroutines of a thread. A thread that unlocks hands the lock to its own next waiter at most
 * `mostHandOvers` times in a row, without touching memory, then lets go of it. How often other threads may come first: claimable-word.ts.
 *
 * Rejected: a queue of threads in memory. One that dies in the middle of a change would leave it broken for all.
 *
 * @see Drepper, "Futexes Are Tricky" (2004); Dice, Marathe, Shavit, "Lock Cohorting" (2012); POSIX: robust mutexes
 */
import {
  accessed,
  currentProcessor,
  type ErrorOf,
  failure,
  NotReady,
  type Op,
  type OpIterator,
  Phase,
  threadId,
  type Waiter,
  type Yieldable,
} from "@weft/core"
import type { PlainOrBody } from "../body-op.ts"
import { Guard, TakenGuard } from "../guard.ts"
import type { Locker } from "../locker.ts"
import { shown } from "../shown.ts"
import { TurnOp, type Turns } from "../turns.ts"
import { UnlockOfUnlocked } from "../unlock-of-unlocked.ts"
import { WithLock } from "../with-lock.ts"
import { ClaimableWord, Reserved, Waiters } from "./claimable-word.ts"
import { Holds } from "./holds.ts"
import { OwnerDied } from "./owner-died.ts"
import { checkedThread } from "./checked-thread.ts"
import { handleFor, handleOf, type SharedHandle, wordsOf } from "./shared-handle.ts"

const kind = { name: "SharedMutex", number: 1, version: 1 } as const

const State = 1
const Claimant = 2
const wordCount = 3

const Owner = 0xffffff
const Died = 1 << 26

/** How often in a row a thread may hand the lock to its own next waiter while other threads may wait. */
const mostHandOvers = 16

/**
 * A mutual exclusion lock for the goroutines of many threads. A goroutine that finds it held parks; its thread runs on.
 *
 * Laws
 * - At most one holder, on all threads; what one did before it unlocked, the next one sees.
 * - First come, first served in a thread; among threads a waiter is passed over a bounded number of times.
 * - Like Go's it knows no owner among goroutines, and any thread may unlock it.
 * - If the holder's thread ends, the next to lock it fails with {@link OwnerDied}, and so does everybody until somebody has locked it by
 *   `recover()`, and so says that he mends what it guards.
 *
 * Memory: 12 bytes, word by word at the top of this file.
 *
 * Errors: `UnlockOfUnlocked`; `SharedLayoutMismatch`, `InvalidSharedPlace`, `SharedMemoryUnavailable` where it can't be made.
 *
 * @example
 * const mutex = new SharedMutex()
 * // To another thread: worker.postMessage(mutex.share()), and there SharedMutex.from(handle).
 * {
 *   using guard = yield* mutex.lock()
 *   // alone, on all threads
 * }
 *
 * @see Go: sync.Mutex; POSIX: pthread_mutexattr_setrobust
 * @since 0.2.0
 */
export class SharedMutex implements Locker<OwnerDied> {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown("SharedMutex", this, (mutex) => mutex.#lot.status) as true

  readonly #lot: Lot
  /** Serves everybody who does not wait with it: making one for each lock is 1.15x (bench/shared-mutex). */
  readonly #lock: Lock<OwnerDied>

  /** In memory of its own; or the one that a handle names, as by `from`. */
  constructor(handle?: SharedHandle<"SharedMutex">) {
    this.#lot = new Lot(wordsOf(kind, wordCount, handle), this)
    this.#lock = new Lock<OwnerDied>(this.#lot, false)
  }

  /** The one that lies at `offset` in `buffer`, or is made there of zeroed memory. */
  static at(buffer: SharedArrayBuffer, offset: number): SharedMutex {
    return new SharedMutex({ weft: "SharedMutex", buffer, offset })
  }

  /** The mutex that another thread has shared. Attached twice in one thread, unlock by the object that locked: guards know of no other. */
  static from(handle: SharedHandle<"SharedMutex">): SharedMutex {
    return new SharedMutex(handleOf(kind.name, handle))
  }

  /** What a message can carry to another thread, where `SharedMutex.from` makes the mutex of it. */
  share(): SharedHandle<"SharedMutex"> {
    return handleFor("SharedMutex", this.#lot)
  }

  /** Locks it, once it is free. */
  lock(): Op<Guard, OwnerDied> {
    return this.#lock.isIdle ? this.#lock : new Lock<OwnerDied>(this.#lot, false)
  }

  /** Locks it though its last owner died, as if nothing had happened: mend what it guards. */
  recover(): Op<Guard> {
    return new Lock<never>(this.#lot, true)
  }

  /** Locks it if it is free now and nobody is in front, and says whether it did. Not where its owner died. */
  tryLock(): boolean {
    accessed(this.#lot.memory)
    return this.#lot.tryLock(false) === Taken
  }

  /** Unlocks it, from any thread. */
  unlock(): void {
    this.#lot.unlock()
  }

  /** Whether somebody holds it, on any thread, at this moment. */
  get locked(): boolean {
    accessed(this.#lot.memory)
    return (Atomics.load(this.#lot.words, State) & Owner) !== 0
  }

  /** Locks, runs `body`, plain or a generator function, and unlocks however that ends. See `Mutex.withLock`. */
  withLock<A, Y extends Yieldable>(body: () => Generator<Y, A, never>): Op<A, ErrorOf<Y> | OwnerDied>
  withLock<A>(body: () => A): Op<A, OwnerDied>
  withLock(body: PlainOrBody<unknown>): Op<unknown, OwnerDied> {
    return new WithLock("SharedMutex.withLock", this, body)
  }

  /**
   * Says that a thread has ended, by its `threadId()`: if it held the lock, that is free for `recover()`. Whoever sees a thread end must say
   * so, on any other thread; `@weft/workers` does for its own.
   */
  threadDied(thread: number): void {
    this.#lot.threadDied(checkedThread(thread))
  }
}

/** What trying to lock comes to. */
const Taken = 0
const Busy = 1
const Dead = 2

class Lot extends ClaimableWord {
  readonly mutex: SharedMutex
  readonly holds: Holds
  #handOvers = 0

  constructor(words: Int32Array<SharedArrayBuffer>, mutex: SharedMutex) {
    super(words, State, Claimant)
    this.mutex = mutex
    this.holds = new Holds(this)
  }

  /** Without waiting. It may barge, but not past waiters of its own thread. */
  tryLock(isRecovery: boolean): number {
    if (this.waiters.head !== null) return Busy
    const me = threadId()
    let state = 0
    for (;;) {
      const found = Atomics.compareExchange(this.words, State, state, me | (state & Waiters))
      if (found === state) {
        this.holds.begin()
        return Taken
      }
      state = found
      if ((state & (Owner | Reserved)) !== 0) return Busy
      if ((state & Died) !== 0 && !isRecovery) return Dead
    }
  }

  get status(): string {
    const state = Atomics.load(this.words, State)
    const owner = state & Owner
    return owner !== 0 ? `held by thread ${owner}` : (state & Died) === 0 ? "free" : "its owner died"
  }

  isOwn(): boolean {
    return (Atomics.load(this.words, State) & Owner) === threadId()
  }

  unlock(): void {
    accessed(this.memory)
    const me = threadId()
    const state = Atomics.compareExchange(this.words, State, me, 0)
    this.holds.end()
    if (state !== me) this.unlockSlowly(state)
  }

  private unlockSlowly(seen: number): void {
    let state = seen
    if ((state & Owner) === threadId() && (state & Reserved) === 0 && this.#handOvers < mostHandOvers) {
      this.#handOvers++
      // STATE stays as it is: no other thread can tell one owner in this thread from the next.
      for (let next = this.waiters.shift(); next !== null; next = this.waiters.shift())
        if (this.grant(next, this.holds.begin())) return
    }
    this.#handOvers = 0
    for (;;) {
      if ((state & Owner) === 0) throw new UnlockOfUnlocked("SharedMutex.unlock")
      const isReserved = (state & Reserved) !== 0
      const found = Atomics.compareExchange(this.words, State, state, isReserved ? Reserved | Waiters : 0)
      if (found === state) break
      state = found
    }
    if ((state & Waiters) !== 0) this.wake(state)
  }

  protected override isTaken(state: number): boolean {
    return (state & Owner) !== 0
  }
  protected override mayHave(_waiter: Waiter, state: number): boolean {
    return (state & Owner) === 0
  }
  protected override after(): number {
    return threadId()
  }
  protected override raw(): number {
    return this.holds.begin()
  }
  protected override giveBack(): void {
    this.unlock()
  }
  protected override errorFor(waiter: Waiter, state: number): unknown {
    const isOrphan = (state & Died) !== 0 && (state & Owner) === 0
    return isOrphan && waiter.slot !== Recovers ? failure(new OwnerDied(this.mutex)) : undefined
  }
  protected override wake(state: number): void {
    Atomics.notify(this.words, State, (state & (Reserved | Died)) === 0 ? 1 : Infinity)
  }

  threadDied(thread: number): void {
    accessed(this.memory)
    let state = Atomics.load(this.words, State)
    while ((state & Owner) === thread) {
      const found = Atomics.compareExchange(this.words, State, state, (state & ~Owner) | Died)
      if (found === state) break
      state = found
    }
    this.forgetThread(thread)
  }
}

/** The slot of a waiter whom the death of the owner does not stop. */
const Recovers: unique symbol = Symbol("Recovers")

class Lock<E> extends TurnOp<E> {
  declare private readonly lot: Lot
  declare private readonly isRecovery: boolean

  constructor(lot: Lot, isRecovery: boolean) {
    super()
    this.lot = lot
    this.isRecovery = isRecovery
  }

  /** Nobody's commit of it is under way. */
  get isIdle(): boolean {
    return this.phase === Phase.Idle
  }

  // Op's own iteration, written out: see channels' send.ts.
  override [Symbol.iterator](): OpIterator<Guard, E> {
    const processor = currentProcessor()
    if (this.phase !== Phase.Idle || processor.current === null || --processor.ticks < 0)
      return super[Symbol.iterator]()
    const { lot } = this
    const outcome = lot.tryLock(this.isRecovery)
    if (outcome === Taken) return new TakenGuard(lot.holds, lot.holds.turn)
    if (outcome === Dead) throw failure(new OwnerDied(lot.mutex))
    this.phase = Phase.Polled
    this.done = false
    this.value = this
    processor.yielded = this
    return this
  }

  override next(raw?: unknown): IteratorResult<Op<Guard, E>, Guard> {
    if (this.phase === Phase.Yielded) {
      this.phase = Phase.Idle
      this.done = true
      this.value = this.finish(raw)
    } else if (this.phase === Phase.Polled) this.phase = Phase.Yielded
    return this as unknown as IteratorResult<Op<Guard, E>, Guard>
  }

  get turns(): Turns {
    return this.lot.holds
  }
  get name(): string {
    return this.isRecovery ? "sync.SharedMutex.Recover" : "sync.SharedMutex.Lock"
  }
  override get detail(): string {
    return `a shared mutex (${this.lot.status})`
  }
  override get on(): object {
    return this.lot.memory
  }
  poll(): unknown {
    const outcome = this.lot.tryLock(this.isRecovery)
    if (outcome === Dead) throw failure(new OwnerDied(this.lot.mutex))
    return outcome === Taken ? this.lot.holds.turn : NotReady
  }
  enqueue(waiter: Waiter): void {
    waiter.slot = this.isRecovery ? Recovers : undefined
    this.lot.park(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.lot.withdraw(waiter)
  }
  override finish(raw: unknown): Guard {
    return new Guard(this.lot.holds, raw as number)
  }
}
