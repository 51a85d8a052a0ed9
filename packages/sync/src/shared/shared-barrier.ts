/**
 * SharedBarrier: goroutines of many threads wait for each other, round after round.
 *
 * Memory, four Int32 from `offset` on, every access atomic:
 *   0 HEADER  see core's shared-words.ts.
 *   1 STATE   bits 0..15 who has arrived in this round, 16..31 the last bits of the round. By compare-and-swap.
 *   2 PARTIES how many make a round. Written once, by compare-and-swap from 0, by whoever makes the barrier first.
 *   3 ROUND   how many rounds have ended. See round-word.ts.
 *
 * Transitions of STATE: (r, n) -> (r, n + 1) by who arrives and waits; (r, parties - 1) -> (r + 1, 0) by the last, who tells all;
 * (r, n) -> (r, n - 1) by one that is withdrawn while its round goes on.
 *
 * A waiter of round r is free once it sees another one. To be counted in another round, or taken out of one, it must see exactly 65,536 of them
 * end between two accesses of its thread.
 *
 * Rejected: places as `Barrier` gives them, worked out when the round ends. Each waiter has his place in his own thread's memory, so one that is
 * withdrawn can't move up those behind him; and handed out as the threads wake up, by a word more, they would say nothing of the order of arrival,
 * and go wrong for good with a thread that ends before it has taken its own.
 */
import { accessed, NotReady, Op, type Waiter } from "@weft/core"
import { checkedCount } from "../invalid-amount.ts"
import { shown } from "../shown.ts"
import { checkedThread } from "./checked-thread.ts"
import { RoundWord } from "./round-word.ts"
import { handleFor, handleOf, type SharedHandle, wordsOf } from "./shared-handle.ts"
import { SharedSizeMismatch } from "./shared-size-mismatch.ts"

const kind = { name: "SharedBarrier", number: 5, version: 2 } as const

const State = 1
const Parties = 2
const Round = 3
const wordCount = 4

const roundShift = 16
const Arrived = 0xffff

/**
 * Lets nobody go on before `parties` goroutines, on any threads, have arrived; then all of them at once; then the next round begins.
 *
 * Laws
 * - `parties - 1` is given once a round, to the last, who does not wait: elect by that. The others give how many were waiting when they arrived:
 *   k - 1 for the k-th, unless one has been withdrawn before it, as then two of a round may give the same. (A `Barrier` counts them anew.)
 * - A waiter that is withdrawn (cancelled, or losing a select) no longer counts; unless its round has ended on another thread by then, and it had
 *   not been told: those that went on counted it.
 * - Each wait is an arrival. One whose thread ends stays counted, so the others' round needs one fewer.
 *
 * Memory: 16 bytes, word by word at the top of this file. At most 65,535 parties.
 *
 * Errors: `InvalidAmount` unless `parties` is a whole number from 1 to 65,535; `SharedSizeMismatch`; `SharedLayoutMismatch`,
 * `InvalidSharedPlace`, `SharedMemoryUnavailable` where it can't be made.
 *
 * @example
 * const barrier = new SharedBarrier(4)
 * // In each of four threads: SharedBarrier.from(handle), of barrier.share().
 * yield* barrier.wait()
 *
 * @see Rust: std::sync::Barrier; POSIX: pthread_barrier
 * @since 0.2.0
 */
export class SharedBarrier {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown(
    "SharedBarrier",
    this,
    (barrier) => barrier.#lot.status,
  ) as true

  readonly parties: number
  readonly #lot: Lot

  /** For `parties`, in memory of its own; or in what a handle names, as by `from`. */
  constructor(parties: number, handle?: SharedHandle<"SharedBarrier">) {
    checkedCount("barrier: parties", parties, 1, Arrived)
    const words = wordsOf(kind, wordCount, handle)
    const found = Atomics.compareExchange(words, Parties, 0, parties)
    if (found !== 0 && found !== parties) throw new SharedSizeMismatch(kind.name, parties, found)
    this.parties = parties
    this.#lot = new Lot(words, parties)
  }

  /** The one that lies at `offset` in `buffer`, or is made there of zeroed memory. */
  static at(parties: number, buffer: SharedArrayBuffer, offset: number): SharedBarrier {
    return new SharedBarrier(parties, { weft: "SharedBarrier", buffer, offset })
  }

  /** The barrier that another thread has shared. */
  static from(handle: SharedHandle<"SharedBarrier">): SharedBarrier {
    const words = wordsOf(kind, wordCount, handleOf(kind.name, handle))
    return new SharedBarrier(Atomics.load(words, Parties), handle)
  }

  /** What a message can carry to another thread, where `SharedBarrier.from` makes the barrier of it. */
  share(): SharedHandle<"SharedBarrier"> {
    return handleFor("SharedBarrier", this.#lot)
  }

  /** How many have arrived, on all threads, and wait for the others. */
  get waiting(): number {
    accessed(this.#lot.memory)
    return Atomics.load(this.#lot.words, State) & Arrived
  }

  /** Arrives; ready once all have. Gives how many were waiting when it arrived: `parties - 1` to the last alone. */
  wait(): Op<number> {
    return new Wait(this.#lot)
  }

  /** Says that a thread has ended: it may have ended a round and told nobody. `@weft/workers` does for its own. */
  threadDied(thread: number): void {
    checkedThread(thread)
    accessed(this.#lot.memory)
    this.#lot.tellAll()
  }
}

/** The slot of one that waits. */
interface Arrival {
  readonly round: number
  readonly place: number
}

class Lot extends RoundWord {
  readonly parties: number

  constructor(words: Int32Array<SharedArrayBuffer>, parties: number) {
    super(words, State, Round, roundShift)
    this.parties = parties
  }

  get status(): string {
    return `${Atomics.load(this.words, State) & Arrived} of ${this.parties} there`
  }

  /** Ends the round, if it lacks but one. */
  passAsLast(): boolean {
    let state = Atomics.load(this.words, State)
    while ((state & Arrived) === this.parties - 1) {
      const next = ((state >>> roundShift) + 1) << roundShift
      const found = Atomics.compareExchange(this.words, State, state, next)
      if (found === state) {
        this.tellAll()
        return true
      }
      state = found
    }
    return false
  }

  /** Arrives and waits; or is the last by now, and goes on at once. */
  arrive(waiter: Waiter): void {
    for (;;) {
      if (this.passAsLast()) {
        waiter.commit(this.parties - 1)
        return
      }
      const state = Atomics.load(this.words, State)
      const place = state & Arrived
      if (place === this.parties - 1) continue
      if (Atomics.compareExchange(this.words, State, state, state + 1) === state) {
        waiter.slot = { round: this.roundOf(state), place } satisfies Arrival
        return this.park(waiter)
      }
    }
  }

  /** Takes one's arrival back, unless its round is over: then it stays. */
  leave(waiter: Waiter): void {
    const arrival = waiter.slot as Arrival | undefined
    if (arrival === undefined) return
    waiter.slot = undefined
    this.withdraw(waiter)
    for (;;) {
      const state = Atomics.load(this.words, State)
      // After STATE: a round that was over before is seen to be.
      if (this.caughtUp() !== arrival.round) return
      if (Atomics.compareExchange(this.words, State, state, state - 1) === state) return
    }
  }

  protected override serve(): number {
    for (;;) {
      // Anew for each: a fiber runs on inside its commit, and may arrive in the next round.
      const ended = Atomics.load(this.words, this.word)
      const front = this.waiters.head
      if (front === null) return ended
      const { place, round } = front.slot as Arrival
      if (round === ended) return ended
      this.waiters.shift()
      front.slot = undefined
      this.grant(front, place)
    }
  }
}

class Wait extends Op<number> {
  declare private readonly lot: Lot

  constructor(lot: Lot) {
    super()
    this.lot = lot
  }

  get name(): string {
    return "sync.SharedBarrier.Wait"
  }
  override get detail(): string {
    return `a shared barrier (${this.lot.status})`
  }
  override get on(): object {
    return this.lot.memory
  }
  poll(): unknown {
    return this.lot.passAsLast() ? this.lot.parties - 1 : NotReady
  }
  enqueue(waiter: Waiter): void {
    this.lot.arrive(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.lot.leave(waiter)
  }
}
