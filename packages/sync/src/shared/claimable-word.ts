/**
 * ClaimableWord: fairness among the threads that wait for one word.
 *
 * Whoever comes while the word allows it takes what he came for, and a thread that was woken may find that it came too late. One that was
 * woken `mostMisses` times in vain claims the word: it writes its number into CLAIMANT, if no other thread has, and sets RESERVED in the
 * word. From then on nobody else takes anything until the claimant has been served. So whoever is at the front of his thread's list is
 * passed over a bounded number of times: by what the others take until his thread was woken mostMisses + 1 times, and by the threads that
 * claimed before.
 *
 * Memory, beside the word that a primitive waits for:
 *   CLAIMANT  the number of the thread that has claimed the word, or 0. Written by compare-and-swap from 0; back to 0 by the claimant, or by
 *             whoever says that its thread has ended.
 *
 * Invariant: RESERVED implies CLAIMANT. If a thread waits, WAITERS is set, or some thread was woken and will serve, which sets it again or
 * wakes the next. That is also why a woken thread with nobody left to serve passes on.
 */
import { threadId, type Waiter, WaitWord } from "@weft/core"

/** Some thread may be waiting, so notify. In every claimable word. */
export const Waiters: number = 1 << 24
/** Only for the claimant. */
export const Reserved: number = 1 << 25

/** How many wake-ups in vain a thread puts up with before it claims the word. */
const mostMisses = 2

export abstract class ClaimableWord extends WaitWord {
  /** What explorations know it by: other objects may be attached to the same words. */
  readonly memory: SharedArrayBuffer
  readonly #claimant: number
  #misses = 0
  #isClaimant = false

  /** The indices of the word and of CLAIMANT in `words`. */
  constructor(words: Int32Array<SharedArrayBuffer>, word: number, claimant: number) {
    super(words, word)
    this.memory = words.buffer
    this.#claimant = claimant
  }

  /** Whether the front waiter may have what he wants: reserved for another thread it is not his. */
  protected abstract mayHave(waiter: Waiter, state: number): boolean

  /** The word once the front waiter has what he wants. */
  protected abstract after(waiter: Waiter, state: number): number

  /** Gives back what was taken for a waiter who refused it. */
  protected abstract giveBack(waiter: Waiter): void

  /** What the front waiter is granted. */
  protected raw(_waiter: Waiter): unknown {
    return undefined
  }

  /** What else is to be set in the word while the front waiter must wait. */
  protected whileWaiting(_waiter: Waiter): number {
    return 0
  }

  /** Whether nobody could have what he wants: then nobody need be woken. */
  protected abstract isTaken(state: number): boolean

  /** A front waiter who is to be told of an error instead; undefined if all is well. */
  protected errorFor(_waiter: Waiter, _state: number): unknown {
    return undefined
  }

  protected override serve(isWoken: boolean): number {
    if (isWoken) this.#misses++
    for (;;) {
      const state = Atomics.load(this.words, this.word)
      const front = this.waiters.head
      if (front === null) return this.served(state)
      const error = this.errorFor(front, state)
      if (error !== undefined) {
        this.waiters.shift()
        this.refuse(front, error)
      } else if (((state & Reserved) !== 0 && !this.#isClaimant) || !this.mayHave(front, state)) {
        const waiting = state | Waiters | this.whileWaiting(front) | (this.mayReserve(state) ? Reserved : 0)
        const isSaid = waiting === state || Atomics.compareExchange(this.words, this.word, state, waiting) === state
        // Newly reserved it is looked at again: a claimant may have what nobody else may.
        if (isSaid && ((state ^ waiting) & Reserved) === 0) return waiting
      } else if (
        // WAITERS: other threads may wait too, and nobody but the woken one would know.
        Atomics.compareExchange(this.words, this.word, state, (this.after(front, state) | Waiters) & ~Reserved) ===
        state
      ) {
        this.#misses = 0
        this.dropClaim()
        this.waiters.shift()
        if (!this.grant(front, this.raw(front))) this.giveBack(front)
      }
    }
  }

  /** All of this thread have been served: if there is something left, another thread may have it. */
  private served(state: number): number {
    if (this.#isClaimant) this.giveUp()
    else if ((state & Waiters) !== 0) this.passOn()
    return state
  }

  private mayReserve(state: number): boolean {
    if (this.#isClaimant) return true
    if (this.#misses <= mostMisses || (state & Reserved) !== 0) return false
    this.#isClaimant = Atomics.compareExchange(this.words, this.#claimant, 0, threadId()) === 0
    return this.#isClaimant
  }

  private dropClaim(): void {
    if (!this.#isClaimant) return
    this.#isClaimant = false
    Atomics.store(this.words, this.#claimant, 0)
  }

  private giveUp(): void {
    Atomics.and(this.words, this.word, ~Reserved)
    this.dropClaim()
    this.passOn()
  }

  /** Nobody of this thread waits any more: what was reserved for it is free again. */
  override withdraw(waiter: Waiter): void {
    const wasFront = this.waiters.head === waiter
    super.withdraw(waiter)
    if (this.waiters.head !== null) {
      if (wasFront) this.attend(false)
    } else if (this.#isClaimant) this.giveUp()
    else this.passOn()
  }

  /**
   * Another thread may wait and have been passed over by this wake-up. If the word is taken by now, whoever has it may have come by the
   * short way, which sets no flag: then he would tell nobody.
   */
  protected override passOn(): void {
    for (;;) {
      const state = Atomics.load(this.words, this.word)
      if (!this.isTaken(state)) return this.wake(state)
      if ((state & Waiters) !== 0) return
      if (Atomics.compareExchange(this.words, this.word, state, state | Waiters) === state) return
    }
  }

  /** Wakes one thread; all, where only one of them may have it, or each may want something else. */
  protected wake(state: number): void {
    Atomics.notify(this.words, this.word, (state & Reserved) === 0 ? 1 : Infinity)
  }

  /** A thread has ended: what it claimed is nobody's. */
  protected forgetThread(thread: number): void {
    if (Atomics.load(this.words, this.#claimant) === thread) {
      Atomics.and(this.words, this.word, ~Reserved)
      Atomics.compareExchange(this.words, this.#claimant, thread, 0)
    }
    // All: the one that was woken last may have been woken on that thread.
    Atomics.notify(this.words, this.word, Infinity)
  }
}
