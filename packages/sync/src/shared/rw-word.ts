/**
 * RWWord: who holds a readers-writer lock, in one word of shared memory, and the readers and writers of this thread that wait for it.
 *
 * Memory, two Int32, every access atomic:
 *   STATE    bits 0..23 the number of readers that hold it or, WRITING, the writer's thread number; 24 WAITERS, 25 RESERVED: see
 *            claimable-word.ts; 26 DIED: the last writer's thread ended while it held the lock; 27 WRITING: a writer holds it;
 *            28 WRITER_WAITS: new readers wait too.
 *   CLAIMANT see claimable-word.ts.
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
 */
import { accessed, failure, Panic, threadId, type Waiter } from "@weft/core"
import type { Guarded } from "../guard.ts"
import { UnlockOfUnlocked } from "../unlock-of-unlocked.ts"
import { ClaimableWord, Reserved, Waiters } from "./claimable-word.ts"
import { Holds } from "./holds.ts"
import { OwnerDied } from "./owner-died.ts"
import type { SharedRWMutex } from "./shared-rw-mutex.ts"

/** Readers, or the writer's thread. */
const Holders = 0xffffff
const Died = 1 << 26
const Writing = 1 << 27
const WriterWaits = 1 << 28

/** What a waiter wants. */
export const Read = 0
export const Write = 1
export const Recover = 2

/** What trying to lock comes to. */
export const Taken = 0
export const Busy = 1
export const Dead = 2

export class RWWord extends ClaimableWord {
  /** Whom errors name. */
  readonly mutex: SharedRWMutex
  /** Of writers: readers can't be told apart. */
  readonly holds: Holds
  readonly reading: Guarded

  /** The indices of STATE and of CLAIMANT in `words`. */
  constructor(words: Int32Array<SharedArrayBuffer>, state: number, claimant: number, mutex: SharedRWMutex) {
    super(words, state, claimant)
    this.mutex = mutex
    this.holds = new Holds(this)
    this.reading = { release: () => this.runlock() }
  }

  /** Whether a writer holds it at this moment. */
  get isWritten(): boolean {
    return (this.state() & Writing) !== 0
  }

  /** How many readers hold it at this moment. */
  get readers(): number {
    const state = this.state()
    return (state & Writing) === 0 ? state & Holders : 0
  }

  private state(): number {
    accessed(this.memory)
    return Atomics.load(this.words, this.word)
  }

  isOwn(): boolean {
    return (Atomics.load(this.words, this.word) & (Writing | Holders)) === (Writing | threadId())
  }

  /** Without waiting. It may barge, but not past waiters of its own thread. */
  tryLock(wanted: number): number {
    if (this.waiters.head !== null) return Busy
    let state = Atomics.load(this.words, this.word)
    for (;;) {
      if ((state & Died) !== 0 && wanted !== Recover) return Dead
      if ((state & (Reserved | Writing)) !== 0) return Busy
      if ((state & (wanted === Read ? WriterWaits : Holders)) !== 0) return Busy
      const found = Atomics.compareExchange(this.words, this.word, state, locked(wanted, state))
      if (found === state) {
        if (wanted !== Read) this.holds.begin()
        return Taken
      }
      state = found
    }
  }

  unlock(): void {
    accessed(this.memory)
    let state = Atomics.load(this.words, this.word)
    for (;;) {
      if ((state & Writing) === 0) throw new UnlockOfUnlocked("SharedRWMutex.unlock")
      const found = Atomics.compareExchange(
        this.words,
        this.word,
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
    let state = Atomics.load(this.words, this.word)
    for (;;) {
      if ((state & Writing) !== 0 || (state & Holders) === 0) throw new UnlockOfUnlocked("SharedRWMutex.runlock")
      const isLast = (state & Holders) === 1
      // WRITER_WAITS stays: readers that wait on this thread would be back before the writer has been woken.
      const left = isLast ? freed(state - 1, Waiters) : state - 1
      const found = Atomics.compareExchange(this.words, this.word, state, left)
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
    Atomics.notify(this.words, this.word, Infinity)
  }

  /** A writer that waits no more stops no readers: others that still wait say so again. */
  override withdraw(waiter: Waiter): void {
    if (waiter.slot !== Read) Atomics.and(this.words, this.word, ~WriterWaits)
    super.withdraw(waiter)
    if (waiter.slot !== Read) this.wake(0)
  }

  threadDied(thread: number): void {
    accessed(this.memory)
    let state = Atomics.load(this.words, this.word)
    while ((state & Writing) !== 0 && (state & Holders) === thread) {
      const found = Atomics.compareExchange(this.words, this.word, state, (state & ~(Writing | Holders)) | Died)
      if (found === state) break
      state = found
    }
    // It may have been that thread's writer who waits: others say so again.
    Atomics.and(this.words, this.word, ~WriterWaits)
    this.forgetThread(thread)
  }

  get status(): string {
    const state = Atomics.load(this.words, this.word)
    if ((state & Writing) !== 0) return "written"
    if ((state & Holders) !== 0) return `${state & Holders} read`
    return (state & Died) === 0 ? "free" : "its writer died"
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
