/**
 * SharedWaitGroup: a WaitGroup that many threads count.
 *
 * Memory, three Int32 from `offset` on, every access atomic:
 *   0 HEADER  see core's shared-words.ts.
 *   1 STATE   bits 0..19 the count, 20..31 the last bits of the round. Written by add and done on any thread, by compare-and-swap.
 *   2 ROUND   how often zero was reached. See round-word.ts.
 *
 * Transitions of STATE: (r, n) -> (r, m), m > 0; (r, n) -> (r + 1, 0) by whoever reaches zero, who then tells all.
 *
 * A waiter that came in round r is free once it sees another one, or a count of zero.
 */
import {
  accessed,
  type Body,
  type ErrorOf,
  type Goroutine,
  NotReady,
  Op,
  Panic,
  type Waiter,
  type Yieldable,
} from "@weft/core"
import { InvalidAmount } from "../invalid-amount.ts"
import { shown } from "../shown.ts"
import { started } from "../started.ts"
import { NegativeWaitGroupCounter } from "../wait-group.ts"
import { checkedThread } from "./checked-thread.ts"
import { RoundWord } from "./round-word.ts"
import { handleFor, handleOf, type SharedHandle, wordsOf } from "./shared-handle.ts"

const kind = { name: "SharedWaitGroup", number: 3, version: 2 } as const

const State = 1
const Round = 2
const wordCount = 3

const countBits = 20
const Count = (1 << countBits) - 1

/**
 * Waits for a collection of goroutines on any threads: `add` before the work starts, `done` when it ends, `wait` for all.
 *
 * Laws
 * - `wait()` is ready exactly while the counter is zero; with nothing added it is ready at once.
 * - Reaching zero releases every waiter on every thread; they stay released if `add` raises the counter before they run.
 * - Reusable at any time.
 * - A thread that ends with work undone leaves the counter as it is: whoever sees it end calls `done` in its stead, and `threadDied`.
 *
 * Memory: 12 bytes, word by word at the top of this file. The counter goes up to 1,048,575.
 *
 * Errors: `NegativeWaitGroupCounter`; {@link WaitGroupOverflow}; `InvalidAmount` unless delta is a safe integer; `SharedLayoutMismatch`,
 * `InvalidSharedPlace`, `SharedMemoryUnavailable` where it can't be made.
 *
 * @example
 * const wg = new SharedWaitGroup()
 * wg.add(2)
 * // In two threads: SharedWaitGroup.from(handle).done(), with wg.share() for a handle.
 * yield* wg.wait()
 *
 * @see Go: sync.WaitGroup
 * @since 0.2.0
 */
export class SharedWaitGroup {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown("SharedWaitGroup", this, (group) => group.#lot.status) as true

  readonly #lot: Lot
  readonly #done = () => this.done()

  /** In memory of its own; or the one that a handle names, as by `from`. */
  constructor(handle?: SharedHandle<"SharedWaitGroup">) {
    this.#lot = new Lot(wordsOf(kind, wordCount, handle))
  }

  /** The one that lies at `offset` in `buffer`, or is made there of zeroed memory. */
  static at(buffer: SharedArrayBuffer, offset: number): SharedWaitGroup {
    return new SharedWaitGroup({ weft: "SharedWaitGroup", buffer, offset })
  }

  /** The group that another thread has shared. */
  static from(handle: SharedHandle<"SharedWaitGroup">): SharedWaitGroup {
    return new SharedWaitGroup(handleOf(kind.name, handle))
  }

  /** What a message can carry to another thread, where `SharedWaitGroup.from` makes the group of it. */
  share(): SharedHandle<"SharedWaitGroup"> {
    return handleFor("SharedWaitGroup", this.#lot)
  }

  /** Adds `delta`, which may be negative. A refused call changes nothing. */
  add(delta: number): void {
    if (!Number.isSafeInteger(delta)) throw new InvalidAmount("sync: SharedWaitGroup.add", delta, "a whole number")
    this.#lot.add(delta)
  }

  /** `add(-1)`. */
  done(): void {
    this.#lot.add(-1)
  }

  /** Starts `body(...args)` as a goroutine of this thread and counts it until it ends, however it ends. */
  go<A, Y extends Yieldable, Args extends ReadonlyArray<unknown>>(
    body: Body<A, Y, Args>,
    ...args: Args
  ): Goroutine<A, ErrorOf<Y>> {
    // First, as it may be refused; go never starts synchronously.
    this.#lot.add(1)
    let goroutine: Goroutine<A, ErrorOf<Y>>
    try {
      goroutine = started("SharedWaitGroup.go", body, args) as Goroutine<A, ErrorOf<Y>>
    } catch (error) {
      this.done()
      throw error
    }
    // Not try/finally around body: a generator cancelled before its first step never reaches its finally.
    goroutine.onExit(this.#done)
    return goroutine
  }

  /** Ready while the counter is zero. */
  wait(): Op<void> {
    return new Wait(this.#lot)
  }

  /** Says that a thread has ended: it may have reached zero and told nobody. `@weft/workers` does for its own. */
  threadDied(thread: number): void {
    checkedThread(thread)
    accessed(this.#lot.memory)
    this.#lot.tellAll()
  }
}

class Lot extends RoundWord {
  constructor(words: Int32Array<SharedArrayBuffer>) {
    super(words, State, Round, countBits)
  }

  get status(): string {
    return `count ${Atomics.load(this.words, State) & Count}`
  }

  isZero(): boolean {
    return (Atomics.load(this.words, State) & Count) === 0
  }

  add(delta: number): void {
    accessed(this.memory)
    let state = Atomics.load(this.words, State)
    for (;;) {
      const before = state & Count
      const count = before + delta
      if (count < 0) throw new NegativeWaitGroupCounter(before, delta)
      if (count > Count) throw new WaitGroupOverflow(before, delta)
      const round = (state >>> countBits) + (count === 0 && before > 0 ? 1 : 0)
      const found = Atomics.compareExchange(this.words, State, state, (round << countBits) | count)
      if (found === state) {
        if (count === 0 && before > 0) this.tellAll()
        return
      }
      state = found
    }
  }

  protected override serve(): number {
    for (;;) {
      // Anew for each: a fiber runs on inside its commit, and may add and wait again. Before the count: reached zero in between, ROUND changes,
      // or has changed, after this.
      const round = Atomics.load(this.words, this.word)
      const isFree = this.isZero()
      const front = this.waiters.head
      if (front === null || (!isFree && front.slot === round)) return round
      this.waiters.shift()
      this.grant(front, undefined)
    }
  }
}

class Wait extends Op<void> {
  declare private readonly lot: Lot

  constructor(lot: Lot) {
    super()
    this.lot = lot
  }

  get name(): string {
    return "sync.SharedWaitGroup.Wait"
  }
  override get detail(): string {
    return `a shared wait group (${this.lot.status})`
  }
  override get on(): object {
    return this.lot.memory
  }
  poll(): unknown {
    return this.lot.isZero() ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    // One that has reached zero since the poll releases it all the same: it is ready at this moment, too, or in another round.
    waiter.slot = this.lot.caughtUp()
    this.lot.park(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.lot.withdraw(waiter)
  }
}

/**
 * A shared WaitGroup's counter would go beyond what its word can hold.
 *
 * @since 0.2.0
 */
export class WaitGroupOverflow extends Panic<{ count: number; delta: number }> {
  override readonly name = "WaitGroupOverflow"

  constructor(count: number, delta: number) {
    super(
      `sync: SharedWaitGroup counter too large (${count} + ${delta}); it holds ${Count}, so count groups of goroutines`,
      {
        count,
        delta,
      },
    )
  }
}
