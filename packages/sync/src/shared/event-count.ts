/**
 * EventCount: how often something has happened, on all threads, and waiting for the next time: what `SharedCond.changed` is made of.
 *
 * Memory, one Int32, every access atomic: one more by each `advance`. It counts round, so to miss what has happened a waiter must sleep through
 * exactly 2^32 of them.
 *
 * Invariant: who stands in the list had read the count as it was when he came. So all who have read an older one than the last that was read stand
 * in front.
 *
 * Unlike a ticket in a NotifyList, what has happened is taken by nobody: it concerns all who have read an older count, and they may come as
 * late as they like.
 *
 * @see Reed, Kanodia, "Synchronization with Eventcounts and Sequencers" (1979)
 */
import { accessed, NotReady, Op, type Waiter, WaitWord } from "@weft/core"

export class EventCount extends WaitWord {
  readonly memory: SharedArrayBuffer

  /** The index of the count in `words`. */
  constructor(words: Int32Array<SharedArrayBuffer>, count: number) {
    super(words, count)
    this.memory = words.buffer
  }

  get count(): number {
    accessed(this.memory)
    return Atomics.load(this.words, this.word)
  }

  /** One more has happened: whoever waits for that goes on. */
  advance(): void {
    Atomics.add(this.words, this.word, 1)
    Atomics.notify(this.words, this.word, Infinity)
    if (this.waiters.head !== null) this.attend(false)
  }

  /** Of one who has read the count that is in his slot. */
  override park(waiter: Waiter): void {
    if (Atomics.load(this.words, this.word) === waiter.slot) super.park(waiter)
    else waiter.commit(undefined)
  }

  protected override serve(): number {
    for (;;) {
      const count = Atomics.load(this.words, this.word)
      const front = this.waiters.head
      // Those behind have come later, and so have read this count too: 26 s for 100,000 if each that came looked at all.
      if (front === null || front.slot === count) return count
      this.waiters.shift()
      this.grant(front, undefined)
    }
  }

  protected override passOn(): void {
    // All are woken at once.
  }
}

/** Ready once something has happened since it was made, for good. */
export class Changed extends Op<void> {
  declare private readonly events: EventCount
  declare private readonly since: number

  constructor(events: EventCount) {
    super()
    this.events = events
    this.since = events.count
  }

  get name(): string {
    return "sync.SharedCond.Changed"
  }
  override get detail(): string {
    return "a shared cond"
  }
  override get on(): object {
    return this.events.memory
  }
  poll(): unknown {
    return this.events.count === this.since ? NotReady : undefined
  }
  enqueue(waiter: Waiter): void {
    waiter.slot = this.since
    this.events.park(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.events.withdraw(waiter)
  }
}
