/**
 * WaitWord: one 32-bit word of shared memory for whose change the goroutines of this thread wait.
 *
 * A contended goroutine parks here, in a list of this thread; the thread itself never blocks. However many goroutines wait, the host is
 * asked once (`Atomics.waitAsync`) for each thread and word.
 *
 * Invariants, whenever no method is running:
 *   1. If somebody waits, this thread is armed: the host will call back when the word is notified, and the word had the value that
 *      `serve` answered when it was armed.
 *   2. Whoever waits is counted: in `outside` of his processor, and by the host, which `waitAsync` alone would not keep up. But not in virtual
 *      time while no other thread can have the memory: then only this thread's goroutines can wake him, and time goes on when those are parked.
 *
 * No lost wake-up: `serve` answers the value it judged by, and arming fails if the word has another one by then; so does everything again.
 * A wake-up that nobody here needs any more, as the last waiter has been withdrawn, is not kept: `passOn` gives it to another thread. Nor does
 * a thread take one with it that ends: it stays armed after its last waiter was served, so at its end it wakes all others. One that is
 * terminated can't: whoever sees that has to wake them.
 */
import { keepUp, letEnd, onHostEnd } from "./host.ts"
import { isUnshared, onceShared } from "./shared-words.ts"
import type { Waiter } from "./waiter.ts"
import { WaitList } from "./wait-list.ts"

/**
 * Waiting for other threads, for those who write shared primitives: extend it with what the word means.
 *
 * @see Linux: futex; Drepper, "Futexes Are Tricky" (2004)
 * @since 0.1.0
 */
export abstract class WaitWord {
  /** The memory, and the index of the word in it. */
  readonly words: Int32Array
  readonly word: number
  readonly waiters: WaitList = new WaitList()
  #isArmed = false
  /** Those who wait uncounted, until the memory is shared. */
  #uncounted: Set<Waiter> | undefined

  constructor(words: Int32Array, word: number) {
    this.words = words
    this.word = word
  }

  /**
   * Lets go on whom the word allows, the longest waiter first, by {@link grant} or {@link refuse}; and answers the value of the word for
   * whose change the rest waits. `isWoken`: another thread has notified.
   */
  protected abstract serve(isWoken: boolean): number

  /** This thread was woken and has nobody to go on: wakes another one, if the word is such that somebody could. */
  protected abstract passOn(): void

  /** @internal Called by the host: the word was notified. */
  woken(): void {
    this.#isArmed = false
    armed.delete(this)
    if (this.isAttentive) this.attend(true)
    else this.passOn()
  }

  /** Whether this thread wants to hear of changes: somebody waits. */
  protected get isAttentive(): boolean {
    return !this.waiters.isEmpty
  }

  /** Enqueues: for an op's `enqueue`. */
  park(waiter: Waiter): void {
    this.waiters.push(waiter)
    const { processor } = waiter
    if (processor.clock.isVirtual === true && isUnshared(this.words.buffer)) this.#leaveUncounted(waiter)
    else processor.outside++
    keepUp()
    this.attend(false)
  }

  #leaveUncounted(waiter: Waiter): void {
    if (this.#uncounted === undefined) {
      const all = (this.#uncounted = new Set<Waiter>())
      onceShared(this.words.buffer, () => {
        for (const { processor } of all) processor.outside++
        all.clear()
      })
    }
    this.#uncounted.add(waiter)
  }

  /** Withdraws: for an op's `dequeue`. One that has been granted, and refused it, stands in the list no more. */
  withdraw(waiter: Waiter): void {
    if (waiter.prev === null && this.waiters.head !== waiter) return
    this.waiters.remove(waiter)
    this.forget(waiter)
  }

  /** Commits a waiter taken out of the list. False: he is a case of a select that is over, and nothing was taken. */
  protected grant(waiter: Waiter, raw: unknown): boolean {
    this.forget(waiter)
    return waiter.commit(raw) !== false
  }

  protected refuse(waiter: Waiter, error: unknown): void {
    this.forget(waiter)
    waiter.fail(error)
  }

  /** Serves, and sees to it that a change of the word is heard of while somebody waits. */
  protected attend(isWoken: boolean): void {
    let seen = this.serve(isWoken)
    while (this.isAttentive && !this.#isArmed) {
      this.#isArmed = waitFor(this.words, this.word, seen, this)
      if (this.#isArmed) tellAtEnd(this)
      else seen = this.serve(false)
    }
  }

  /** This thread ends by itself: wakes all others, among whom a wake-up of its own would be lost. */
  atThreadEnd(): void {
    Atomics.notify(this.words, this.word)
  }

  /** Whoever was waiting waits no more: counted out. */
  protected forget(waiter: Waiter): void {
    letEnd()
    if (this.#uncounted?.delete(waiter) !== true) waiter.processor.outside--
    waiter.processor.lookForSleep()
  }
}

/** The words that would wake this thread. */
const armed = new Set<WaitWord>()
let isEndWatched = false

function tellAtEnd(waiting: WaitWord): void {
  armed.add(waiting)
  if (isEndWatched) return
  isEndWatched = true
  onHostEnd(() => {
    // All: that takes this thread out of the host's list too, where the next wake-up would be lost on it.
    for (const each of armed) each.atThreadEnd()
  })
}

/** Calls `woken` once the word is notified; false if it has another value than `seen`, and nobody will call. */
function waitFor(words: Int32Array, word: number, seen: number, waiting: { woken(): void }): boolean {
  const wait = (Atomics as unknown as WaitAsync).waitAsync(words, word, seen)
  if (wait.async) void wait.value.then(() => waiting.woken())
  return wait.async
}

/** ES2024, which not every host's types have. */
interface WaitAsync {
  waitAsync(
    words: Int32Array,
    index: number,
    value: number,
  ): { readonly async: false } | { readonly async: true; readonly value: Promise<unknown> }
}
