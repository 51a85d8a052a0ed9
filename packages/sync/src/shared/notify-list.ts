/**
 * NotifyList: who waits to be notified, on many threads, in the order of the tickets that they took.
 *
 * Memory, two Int32, every access atomic:
 *   CALLED  how many tickets have been called: by `callNext`, one more if one was given that has not been called; by `callAll`, all that were
 *           given. By compare-and-swap.
 *   TICKETS how many tickets were given: one more by each `takeTicket`.
 *
 * Both count round, in 32 bits. A waiter with ticket t is called once CALLED - t > 0, so waiters wake in the order in which they came, on
 * whatever threads. All threads that wait for CALLED are notified, as one can't tell whose ticket was called.
 *
 * No lost call: a ticket whose waiter has been withdrawn is kept by its thread. At the front it is passed over, by CALLED + 1; called
 * before, it calls the next one. Both as soon as that thread has its turn. One that ends by itself calls all; of one that is terminated others say so.
 *
 * @see Go: runtime.notifyList, by which sync.Cond waits; Reed, Kanodia, "Synchronization with Eventcounts and Sequencers" (1979)
 */
import { accessed, type Waiter, WaitWord } from "@weft/core"

/** What waits in the list: `wake` takes it out of every other wait of its own, and lets it go on. */
export interface TicketHolder extends Waiter {
  readonly ticket: number
  wake(): void
}

export class NotifyList extends WaitWord {
  /** What explorations know it by: other objects may be attached to the same words. */
  readonly memory: SharedArrayBuffer
  readonly #tickets: number
  /** Tickets of waiters who were withdrawn before they were called, in the order of tickets. */
  readonly #abandoned: Array<number> = []

  /** The indices of CALLED and of TICKETS in `words`. */
  constructor(words: Int32Array<SharedArrayBuffer>, called: number, tickets: number) {
    super(words, called)
    this.memory = words.buffer
    this.#tickets = tickets
  }

  /** How many wait at most, on all threads, at this moment: with those whose tickets have been abandoned and stand behind others. */
  get length(): number {
    return (Atomics.load(this.words, this.#tickets) - Atomics.load(this.words, this.word)) | 0
  }

  /** Comes before `park`: whoever guards the list with a lock unlocks after both. */
  takeTicket(): number {
    return Atomics.add(this.words, this.#tickets, 1)
  }

  /** Calls the one that waits longest, if any does. */
  callNext(): void {
    accessed(this.memory)
    let called = Atomics.load(this.words, this.word)
    while (called !== Atomics.load(this.words, this.#tickets)) {
      const found = Atomics.compareExchange(this.words, this.word, called, (called + 1) | 0)
      if (found === called) break
      called = found
    }
    this.tellAll()
  }

  /** Calls all that wait. */
  callAll(): void {
    accessed(this.memory)
    this.callEach()
    this.tellAll()
  }

  private callEach(): void {
    const given = Atomics.load(this.words, this.#tickets)
    let called = Atomics.load(this.words, this.word)
    while (isBefore(called, given)) {
      const found = Atomics.compareExchange(this.words, this.word, called, given)
      if (found === called) break
      called = found
    }
  }

  /** The tickets of this thread are called in vain from now on, wherever in the order they stand: nobody would pass them over. */
  override atThreadEnd(): void {
    this.callEach()
    super.atThreadEnd()
  }

  private tellAll(): void {
    Atomics.notify(this.words, this.word, Infinity)
    if (this.isAttentive) this.attend(false)
  }

  protected override get isAttentive(): boolean {
    return this.waiters.head !== null || this.#abandoned.length > 0
  }

  /** Its holder is withdrawn: the ticket is kept until it is called, or at the front. */
  abandon(ticket: number): void {
    const all = this.#abandoned
    let i = all.length
    while (i > 0 && isBefore(ticket, all[i - 1]!)) i--
    all.splice(i, 0, ticket)
    this.attend(false)
  }

  protected override serve(): number {
    for (;;) {
      const called = Atomics.load(this.words, this.word)
      const front = this.waiters.head as TicketHolder | null
      const abandoned = this.#abandoned[0]
      if (front !== null && isBefore(front.ticket, called)) {
        this.waiters.shift()
        this.forget(front)
        front.wake()
      } else if (abandoned !== undefined && isBefore(abandoned, called)) {
        this.#abandoned.shift()
        this.callNext()
      } else if (abandoned === called) {
        this.#abandoned.shift()
        // Called meanwhile, it was called in place of the next.
        if (Atomics.compareExchange(this.words, this.word, called, (called + 1) | 0) !== called) this.callNext()
        else Atomics.notify(this.words, this.word, Infinity)
      } else return called
    }
  }

  protected override passOn(): void {
    // All are woken at once.
  }
}

/** Counted round: whether `a` comes before `b`. */
const isBefore = (a: number, b: number): boolean => ((b - a) | 0) > 0
