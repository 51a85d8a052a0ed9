/**
 * SharedRWMutex: a readers-writer lock in shared memory, for the goroutines of many threads.
 *
 * Memory, three Int32 from `offset` on, every access atomic:
 *   0 HEADER   see core's shared-words.ts.
 *   1 STATE    bits 0..23 the number of readers that hold it or, WRITING, the writer's thread number; 24 WAITERS, 25 RESERVED: see
 *              claimable-word.ts; 26 DIED: the last writer's thread ended while it held the lock; 27 WRITING: a writer holds it;
 *              28 WRITER_WAITS: new readers wait too.
 *   2 CLAIMANT see claimable-word.ts.
 *
 * Transitions of STATE, all by compare-and-swap:
 *   rlock    r -> r + 1, unless WRITING, WRITER_WAITS (but for a claimant) or RESERVED for another
 *   lock     0 readers, not WRITING -> WRITING | me, clearing WRITER_WAITS: writers that still wait set it again
 *   runlock  r -> r - 1; the last one notifies all, and keeps WRITER_WAITS
 *   unlock   WRITING -> 0 readers; clears WRITER_WAITS and notifies all
 *   wait     | WAITERS, a writer also | WRITER_WAITS, then waits for STATE to change
 *
 * All waiting threads are notified, as each may have readers or a writer at its front. Those in front of one thread go in order; readers one
 * after the other, so all that stand before the next writer go together.
 *
 * @see Go: sync.RWMutex
 */
import { accessed, type ErrorOf, failure, NotReady, Op, Panic, threadId, type Waiter, type Yieldable } from "@weft/core"
import type { PlainOrBody } from "../body-op.ts"
import { Guard, type Guarded } from "../guard.ts"
import type { Locker } from "../locker.ts"
import { TurnOp, type Turns } from "../turns.ts"
import { UnlockOfUnlocked } from "../unlock-of-unlocked.ts"
import { WithLock } from "../with-lock.ts"
import { ClaimableWord, Reserved, Waiters } from "./claimable-word.ts"
import { Holds } from "./holds.ts"
import { OwnerDied } from "./owner-died.ts"
import { checkedThread } from "./checked-thread.ts"
import { handleOf, type SharedHandle, wordsOf } from "./shared-handle.ts"

const kind = { name: "SharedRWMutex", number: 4, version: 1 } as const

const State = 1
const Claimant = 2
const wordCount = 3

/** Readers, or the writer's thread. */
const Holders = 0xffffff
const Died = 1 << 26
const Writing = 1 << 27
const WriterWaits = 1 << 28

/**
 * A lock held by any number of readers or by one writer, for the goroutines of many threads.
 *
 * Laws
 * - Readers exclude writers, a writer excludes everybody, on all threads.
 * - A waiting writer stops new readers, so that readers don't starve it. A thread that was passed over too often, with a reader or a writer at
 *   its front, is next.
 * - If a writer's thread ends, the next to lock it, reader or writer, fails with {@link OwnerDied}, until a writer has locked it by
 *   `recover()`. A thread that ends while it reads leaves its reader counted: whoever sees it end calls `runlock` in its stead.
 *
 * Memory: 12 bytes, word by word at the top of this file. At most 16,777,215 readers at once.
 *
 * Errors: `UnlockOfUnlocked`, {@link TooManyReaders}; `SharedLayoutMismatch`, `InvalidSharedPlace`, `SharedMemoryUnavailable` where it can't
 * be made.
 *
 * @example
 * const table = new SharedRWMutex()
 * {
 *   using reading = yield* table.rlock()
 *   // others may read too, on any thread
 * }
 *
 * @see Go: sync.RWMutex
 * @since 0.2.0
 */
export class SharedRWMutex implements Locker<OwnerDied> {
  readonly #lot: Lot
  #rlocker: Locker<OwnerDied> | undefined

  /** In memory of its own; or the one that a handle names, as by `from`. */
  constructor(handle?: SharedHandle<"SharedRWMutex">) {
    this.#lot = new Lot(wordsOf(kind, wordCount, handle), this)
  }

  /** The one that lies at `offset` in `buffer`, or is made there of zeroed memory. */
  static at(buffer: SharedArrayBuffer, offset: number): SharedRWMutex {
    return new SharedRWMutex({ weft: "SharedRWMutex", buffer, offset })
  }

  /** The lock that another thread has shared. */
  static from(handle: SharedHandle<"SharedRWMutex">): SharedRWMutex {
    return new SharedRWMutex(handleOf(kind.name, handle))
  }

  /** What a message can carry to another thread, where `SharedRWMutex.from` makes the lock of it. */
  share(): SharedHandle<"SharedRWMutex"> {
    const { memory, words } = this.#lot
    return { weft: "SharedRWMutex", buffer: memory, offset: words.byteOffset }
  }

  /** Whether a writer holds it, on any thread, at this moment. */
  get locked(): boolean {
    return (this.#lot.state & Writing) !== 0
  }

  /** How many readers hold it, on all threads, at this moment. */
  get readers(): number {
    const { state } = this.#lot
    return (state & Writing) === 0 ? state & Holders : 0
  }

  /** Waits until it may write. What it gives unlocks when disposed: for `using`. */
  lock(): Op<Guard, OwnerDied> {
    return new WriteLock<OwnerDied>(this.#lot, Write)
  }

  /** Locks it for writing though its last writer died: mend what it guards. */
  recover(): Op<Guard> {
    return new WriteLock<never>(this.#lot, Recover)
  }

  /** Waits until it may read. What it gives unlocks when disposed: for `using`. */
  rlock(): Op<Guard, OwnerDied> {
    return new ReadLock(this.#lot)
  }

  /** Locks it for writing if that needs no waiting, and says whether it did. Not where its last writer died. */
  tryLock(): boolean {
    accessed(this.#lot.memory)
    return this.#lot.tryLock(Write) === Taken
  }

  /** Locks it for reading if that needs no waiting, and says whether it did: not with a writer waiting. */
  tryRLock(): boolean {
    accessed(this.#lot.memory)
    return this.#lot.tryLock(Read) === Taken
  }

  /** Ends a write lock, from any thread. */
  unlock(): void {
    this.#lot.unlock()
  }

  /** Ends a read lock, from any thread. */
  runlock(): void {
    this.#lot.runlock()
  }

  /** Locks to write, runs `body`, and unlocks however that ends. See `Mutex.withLock`. */
  withLock<A, Y extends Yieldable>(body: () => Generator<Y, A, never>): Op<A, ErrorOf<Y> | OwnerDied>
  withLock<A>(body: () => A): Op<A, OwnerDied>
  withLock(body: PlainOrBody<unknown>): Op<unknown, OwnerDied> {
    return new WithLock("SharedRWMutex.withLock", this, body)
  }

  /** Locks to read, runs `body`, and unlocks however that ends. See `Mutex.withLock`. */
  withRLock<A, Y extends Yieldable>(body: () => Generator<Y, A, never>): Op<A, ErrorOf<Y> | OwnerDied>
  withRLock<A>(body: () => A): Op<A, OwnerDied>
  withRLock(body: PlainOrBody<unknown>): Op<unknown, OwnerDied> {
    return new WithLock("SharedRWMutex.withRLock", this.rlocker(), body)
  }

  /** Its read side as a lock: `lock` is `rlock`, `unlock` is `runlock`. */
  rlocker(): Locker<OwnerDied> {
    return (this.#rlocker ??= { lock: () => this.rlock(), unlock: () => this.runlock() })
  }

  /** Says that a thread has ended, by its `threadId()`. Whoever sees a thread end must say so; `@weft/workers` does for its own. */
  threadDied(thread: number): void {
    this.#lot.threadDied(checkedThread(thread))
  }
}

/** What a waiter wants. */
const Read = 0
const Write = 1
const Recover = 2

/** What trying to lock comes to. */
const Taken = 0
const Busy = 1
const Dead = 2

class Lot extends ClaimableWord {
  readonly mutex: SharedRWMutex
  /** Of writers: readers can't be told apart. */
  readonly holds: Holds
  readonly reading: Guarded

  constructor(words: Int32Array<SharedArrayBuffer>, mutex: SharedRWMutex) {
    super(words, State, Claimant)
    this.mutex = mutex
    this.holds = new Holds(this)
    this.reading = { release: () => this.runlock() }
  }

  get state(): number {
    accessed(this.memory)
    return Atomics.load(this.words, State)
  }

  isOwn(): boolean {
    return (Atomics.load(this.words, State) & (Writing | Holders)) === (Writing | threadId())
  }

  /** Without waiting. It may barge, but not past waiters of its own thread. */
  tryLock(wanted: number): number {
    if (this.waiters.head !== null) return Busy
    let state = Atomics.load(this.words, State)
    for (;;) {
      if ((state & Died) !== 0 && wanted !== Recover) return Dead
      if ((state & (Reserved | Writing)) !== 0) return Busy
      if ((state & (wanted === Read ? WriterWaits : Holders)) !== 0) return Busy
      const found = Atomics.compareExchange(this.words, State, state, locked(wanted, state))
      if (found === state) {
        if (wanted !== Read) this.holds.begin()
        return Taken
      }
      state = found
    }
  }

  unlock(): void {
    accessed(this.memory)
    let state = Atomics.load(this.words, State)
    for (;;) {
      if ((state & Writing) === 0) throw new UnlockOfUnlocked("SharedRWMutex.unlock")
      const found = Atomics.compareExchange(
        this.words,
        State,
        state,
        freed(state & ~(Writing | Holders), Waiters | WriterWaits),
      )
      if (found === state) break
      state = found
    }
    this.holds.end()
    this.tellAll(state)
  }

  runlock(): void {
    accessed(this.memory)
    let state = Atomics.load(this.words, State)
    for (;;) {
      if ((state & Writing) !== 0 || (state & Holders) === 0) throw new UnlockOfUnlocked("SharedRWMutex.runlock")
      const isLast = (state & Holders) === 1
      // WRITER_WAITS stays: readers that wait on this thread would be back before the writer has been woken.
      const left = isLast ? freed(state - 1, Waiters) : state - 1
      const found = Atomics.compareExchange(this.words, State, state, left)
      if (found === state) {
        if (isLast) this.tellAll(state)
        return
      }
      state = found
    }
  }

  private tellAll(state: number): void {
    if ((state & Waiters) !== 0) this.wake(state)
    if (this.waiters.head !== null) this.attend(false)
  }

  protected override isTaken(state: number): boolean {
    return (state & Writing) !== 0
  }
  protected override mayHave(waiter: Waiter, state: number): boolean {
    if ((state & Writing) !== 0) return false
    if (waiter.slot !== Read) return (state & Holders) === 0
    return (state & WriterWaits) === 0 || (state & Reserved) !== 0
  }
  protected override after(waiter: Waiter, state: number): number {
    return locked(waiter.slot as number, state)
  }
  protected override raw(waiter: Waiter): unknown {
    return waiter.slot === Read ? undefined : this.holds.begin()
  }
  protected override whileWaiting(waiter: Waiter): number {
    return waiter.slot === Read ? 0 : WriterWaits
  }
  protected override giveBack(waiter: Waiter): void {
    if (waiter.slot === Read) this.runlock()
    else this.unlock()
  }
  protected override errorFor(waiter: Waiter, state: number): unknown {
    return (state & Died) !== 0 && waiter.slot !== Recover ? failure(new OwnerDied(this.mutex)) : undefined
  }
  protected override wake(_state: number): void {
    Atomics.notify(this.words, State, Infinity)
  }

  /** A writer that waits no more stops no readers: others that still wait say so again. */
  override withdraw(waiter: Waiter): void {
    if (waiter.slot !== Read) Atomics.and(this.words, State, ~WriterWaits)
    super.withdraw(waiter)
    if (waiter.slot !== Read) this.wake(0)
  }

  threadDied(thread: number): void {
    accessed(this.memory)
    let state = Atomics.load(this.words, State)
    while ((state & Writing) !== 0 && (state & Holders) === thread) {
      const found = Atomics.compareExchange(this.words, State, state, (state & ~(Writing | Holders)) | Died)
      if (found === state) break
      state = found
    }
    // It may have been that thread's writer who waits: others say so again.
    Atomics.and(this.words, State, ~WriterWaits)
    this.forgetThread(thread)
  }

  get detail(): string {
    const state = Atomics.load(this.words, State)
    const holder = (state & Writing) !== 0 ? "written" : (state & Holders) === 0 ? "free" : `${state & Holders} read`
    return `a shared RWMutex (${holder})`
  }
}

/** STATE once nobody holds it. Who waits is told, and says again that he does; but where it is reserved one of them has it. */
const freed = (state: number, told: number): number => ((state & Reserved) === 0 ? state & ~told : state)

/** STATE once it is locked as `wanted`. */
function locked(wanted: number, state: number): number {
  if (wanted !== Read) return (state & (Waiters | Reserved)) | Writing | threadId()
  if ((state & Holders) === Holders) throw new TooManyReaders()
  return state + 1
}

/** Polls: what a lock of its kind is raw, or why not. */
function poll(lot: Lot, wanted: number): unknown {
  const outcome = lot.tryLock(wanted)
  if (outcome === Dead) throw failure(new OwnerDied(lot.mutex))
  if (outcome === Busy) return NotReady
  return wanted === Read ? undefined : lot.holds.turn
}

class WriteLock<E> extends TurnOp<E> {
  declare private readonly lot: Lot
  declare private readonly wanted: number

  constructor(lot: Lot, wanted: number) {
    super()
    this.lot = lot
    this.wanted = wanted
  }

  get turns(): Turns {
    return this.lot.holds
  }
  get name(): string {
    return "sync.SharedRWMutex.Lock"
  }
  override get detail(): string {
    return this.lot.detail
  }
  override get on(): object {
    return this.lot.memory
  }
  /** Withdrawing it lets readers go on: fibers at once. */
  override get startsWork(): boolean {
    return true
  }
  poll(): unknown {
    return poll(this.lot, this.wanted)
  }
  enqueue(waiter: Waiter): void {
    waiter.slot = this.wanted
    this.lot.park(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.lot.withdraw(waiter)
  }
  override finish(raw: unknown): Guard {
    return new Guard(this.lot.holds, raw as number)
  }
}

class ReadLock extends Op<Guard, OwnerDied> {
  declare private readonly lot: Lot

  constructor(lot: Lot) {
    super()
    this.lot = lot
  }

  get name(): string {
    return "sync.SharedRWMutex.RLock"
  }
  override get detail(): string {
    return this.lot.detail
  }
  override get on(): object {
    return this.lot.memory
  }
  /** Withdrawing it lets those behind it go on: fibers at once. */
  override get startsWork(): boolean {
    return true
  }
  poll(): unknown {
    return poll(this.lot, Read)
  }
  enqueue(waiter: Waiter): void {
    waiter.slot = Read
    this.lot.park(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.lot.withdraw(waiter)
  }
  override finish(): Guard {
    return new Guard(this.lot.reading, 0)
  }
}

/**
 * A shared RWMutex has more readers at once than its word can count.
 *
 * @since 0.2.0
 */
export class TooManyReaders extends Panic {
  override readonly name = "TooManyReaders"

  constructor() {
    super(`sync: SharedRWMutex holds ${Holders} readers already; bound the goroutines that read at once`, {})
  }
}
