/**
 * SharedRWMutex: a readers-writer lock in shared memory, for the goroutines of many threads.
 *
 * Memory, three Int32 from `offset` on, every access atomic:
 *   0 HEADER   see core's shared-words.ts.
 *   1 STATE, 2 CLAIMANT: who holds it, and who waits. See rw-word.ts.
 *
 * @see Go: sync.RWMutex
 */
import { accessed, type ErrorOf, failure, NotReady, Op, type Waiter, type Yieldable } from "@weft/core"
import type { PlainOrBody } from "../body-op.ts"
import { Guard } from "../guard.ts"
import type { Locker } from "../locker.ts"
import { shown } from "../shown.ts"
import { TurnOp, type Turns } from "../turns.ts"
import { WithLock } from "../with-lock.ts"
import { checkedThread } from "./checked-thread.ts"
import { OwnerDied } from "./owner-died.ts"
import { Busy, Dead, Read, Recover, RWWord, Taken, Write } from "./rw-word.ts"
import { handleFor, handleOf, type SharedHandle, wordsOf } from "./shared-handle.ts"

const kind = { name: "SharedRWMutex", number: 4, version: 1 } as const

const State = 1
const Claimant = 2
const wordCount = 3

/**
 * A lock held by any number of readers or by one writer, for the goroutines of many threads.
 *
 * Laws
 * - Readers exclude writers, a writer excludes everybody, on all threads.
 * - A waiting writer stops new readers, so that readers don't starve it. A thread that was passed over too often, with a reader or a writer at
 *   its front, is next.
 * - A select that waits to write and to read, both, waits behind itself as it would behind another.
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
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown("SharedRWMutex", this, (rw) => rw.#word.status) as true

  readonly #word: RWWord
  #rlocker: Locker<OwnerDied> | undefined

  /** In memory of its own; or the one that a handle names, as by `from`. */
  constructor(handle?: SharedHandle<"SharedRWMutex">) {
    this.#word = new RWWord(wordsOf(kind, wordCount, handle), State, Claimant, this)
  }

  /** The one that lies at `offset` in `buffer`, or is made there of zeroed memory. */
  static at(buffer: SharedArrayBuffer, offset: number): SharedRWMutex {
    return new SharedRWMutex({ weft: "SharedRWMutex", buffer, offset })
  }

  /** The lock that another thread has shared. Attached twice in one thread, unlock by the object that locked: guards know of no other. */
  static from(handle: SharedHandle<"SharedRWMutex">): SharedRWMutex {
    return new SharedRWMutex(handleOf(kind.name, handle))
  }

  /** What a message can carry to another thread, where `SharedRWMutex.from` makes the lock of it. */
  share(): SharedHandle<"SharedRWMutex"> {
    return handleFor("SharedRWMutex", this.#word)
  }

  /** Whether a writer holds it, on any thread, at this moment. */
  get locked(): boolean {
    return this.#word.isWritten
  }

  /** How many readers hold it, on all threads, at this moment. */
  get readers(): number {
    return this.#word.readers
  }

  /** Waits until it may write. What it gives unlocks when disposed: for `using`. */
  lock(): Op<Guard, OwnerDied> {
    return new WriteLock<OwnerDied>(this.#word, Write)
  }

  /** Locks it for writing though its last writer died: mend what it guards. */
  recover(): Op<Guard> {
    return new WriteLock<never>(this.#word, Recover)
  }

  /** Waits until it may read. What it gives unlocks when disposed, for `using`: end it so or by `runlock`, not by both. */
  rlock(): Op<Guard, OwnerDied> {
    return new ReadLock(this.#word)
  }

  /** Locks it for writing if that needs no waiting, and says whether it did. Not where its last writer died. */
  tryLock(): boolean {
    accessed(this.#word.memory)
    return this.#word.tryLock(Write) === Taken
  }

  /** Locks it for reading if that needs no waiting, and says whether it did: not with a writer waiting. */
  tryRLock(): boolean {
    accessed(this.#word.memory)
    return this.#word.tryLock(Read) === Taken
  }

  /** Ends a write lock, from any thread. */
  unlock(): void {
    this.#word.unlock()
  }

  /** Ends a read lock, from any thread. */
  runlock(): void {
    this.#word.runlock()
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
    this.#word.threadDied(checkedThread(thread))
  }
}

/** Polls: what a lock of its kind is raw, or why not. */
function poll(word: RWWord, wanted: number): unknown {
  const outcome = word.tryLock(wanted)
  if (outcome === Dead) throw failure(new OwnerDied(word.mutex))
  if (outcome === Busy) return NotReady
  return wanted === Read ? undefined : word.holds.turn
}

class WriteLock<E> extends TurnOp<E> {
  declare private readonly word: RWWord
  declare private readonly wanted: number

  constructor(word: RWWord, wanted: number) {
    super()
    this.word = word
    this.wanted = wanted
  }

  get turns(): Turns {
    return this.word.holds
  }
  get name(): string {
    return this.wanted === Recover ? "sync.SharedRWMutex.Recover" : "sync.SharedRWMutex.Lock"
  }
  override get detail(): string {
    return `a shared RWMutex (${this.word.status})`
  }
  override get on(): object {
    return this.word.memory
  }
  /** Withdrawing it lets readers go on: fibers at once. */
  override get startsWork(): boolean {
    return true
  }
  poll(): unknown {
    return poll(this.word, this.wanted)
  }
  enqueue(waiter: Waiter): void {
    waiter.slot = this.wanted
    this.word.park(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.word.withdraw(waiter)
  }
  override finish(raw: unknown): Guard {
    return new Guard(this.word.holds, raw as number)
  }
}

class ReadLock extends Op<Guard, OwnerDied> {
  declare private readonly word: RWWord

  constructor(word: RWWord) {
    super()
    this.word = word
  }

  get name(): string {
    return "sync.SharedRWMutex.RLock"
  }
  override get detail(): string {
    return `a shared RWMutex (${this.word.status})`
  }
  override get on(): object {
    return this.word.memory
  }
  /** Withdrawing it lets those behind it go on: fibers at once. */
  override get startsWork(): boolean {
    return true
  }
  poll(): unknown {
    return poll(this.word, Read)
  }
  enqueue(waiter: Waiter): void {
    waiter.slot = Read
    this.word.park(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.word.withdraw(waiter)
  }
  override finish(): Guard {
    return new Guard(this.word.reading, 0)
  }
}
