/**
 * SharedOnce: something done once, by whichever thread asks first.
 *
 * Memory, two Int32 from `offset` on, every access atomic:
 *   0 HEADER  see core's shared-words.ts.
 *   1 STATE   0: not begun; the number of a thread: that one runs it; -1: done. By compare-and-swap.
 *
 * Transitions: 0 -> me, by who runs it; me -> -1, by him, when it has ended; thread -> 0, by who says that the thread has ended. The last
 * two notify all that wait for STATE.
 */
import { type Body, generatorOf, NotReady, Op, threadId, type Waiter, WaitWord, type Yieldable } from "@weft/core"
import { type SharedHandle, wordsOf } from "./shared-handle.ts"

const kind = { name: "SharedOnce", number: 6, version: 1 } as const

const State = 1
const wordCount = 2

const Done = -1

/**
 * Does something once, whichever goroutine of whichever thread asks first.
 *
 * Laws
 * - Of all who call `do`, on all threads, one's body is run. Nobody returns before it has ended.
 * - It counts as done however it ends; what it throws is thrown to the caller that ran it, the others return.
 * - It runs in the goroutine of its caller. If that one's thread ends in the middle, the next who waits runs his.
 *
 * Memory: 8 bytes, word by word at the top of this file.
 *
 * Errors: `InvalidBody`; `SharedLayoutMismatch`, `InvalidSharedPlace`, `SharedMemoryUnavailable` where it can't be made.
 *
 * @example
 * const once = new SharedOnce()
 * // In each thread: SharedOnce.from(handle), of once.share().
 * yield* once.do(function* () {
 *   yield* sleep(1)
 * })
 *
 * @see Go: sync.Once
 * @since 0.2.0
 */
export class SharedOnce {
  readonly #lot: Lot

  /** In memory of its own; or the one that a handle names, as by `from`. */
  constructor(handle?: SharedHandle<"SharedOnce">) {
    this.#lot = new Lot(wordsOf(kind, wordCount, handle), State)
  }

  /** The one that lies at `offset` in `buffer`, or is made there of zeroed memory. */
  static at(buffer: SharedArrayBuffer, offset: number): SharedOnce {
    return new SharedOnce({ weft: "SharedOnce", buffer, offset })
  }

  /** The one that another thread has shared. */
  static from(handle: SharedHandle<"SharedOnce">): SharedOnce {
    return new SharedOnce(handle)
  }

  /** What a message can carry to another thread, where `SharedOnce.from` makes it of it. */
  share(): SharedHandle<"SharedOnce"> {
    const { buffer, byteOffset } = this.#lot.words
    return { weft: "SharedOnce", buffer: buffer as SharedArrayBuffer, offset: byteOffset }
  }

  /** Whether it has been done. */
  get done(): boolean {
    return Atomics.load(this.#lot.words, State) === Done
  }

  /** Runs `body` if nobody has, and returns when it has ended: `yield*` it. */
  *do<Y extends Yieldable>(body: Body<unknown, Y>): Generator<Y | Op<boolean>, void, never> {
    const generator = generatorOf("SharedOnce.do", body, []) as Generator<Y, unknown, never>
    if (!(yield* new Turn(this.#lot))) return
    try {
      yield* generator
    } finally {
      this.#lot.end()
    }
  }

  /** Says that a thread has ended, by its `threadId()`: what it ran is for the next. `@weft/workers` does for its own. */
  threadDied(thread: number): void {
    this.#lot.threadDied(thread)
  }
}

class Lot extends WaitWord {
  /** What STATE was: 0, so it is for this caller to run it; Done; or the thread that runs it. */
  begin(): number {
    return Atomics.compareExchange(this.words, State, 0, threadId())
  }

  end(): void {
    Atomics.store(this.words, State, Done)
    this.tellAll()
  }

  threadDied(thread: number): void {
    if (Atomics.compareExchange(this.words, State, thread, 0) === thread) this.tellAll()
  }

  private tellAll(): void {
    Atomics.notify(this.words, State, Infinity)
    if (this.waiters.head !== null) this.attend(false)
  }

  protected override serve(): number {
    let found = Done
    for (let front = this.waiters.head; front !== null; front = this.waiters.head) {
      found = this.begin()
      // The value judged by, not one read later: in between it may have been done.
      if (found !== 0 && found !== Done) break
      this.waiters.shift()
      if (!this.grant(front, found === 0) && found === 0) this.threadDied(threadId())
    }
    return found
  }

  protected override passOn(): void {
    // All are woken at once.
  }
}

class Turn extends Op<boolean> {
  declare private readonly lot: Lot

  constructor(lot: Lot) {
    super()
    this.lot = lot
  }

  get name(): string {
    return "sync.SharedOnce.Do"
  }
  override get detail(): string {
    return `a shared once (run by thread ${Atomics.load(this.lot.words, State)})`
  }
  override get on(): object {
    return this.lot
  }
  poll(): unknown {
    const found = this.lot.begin()
    return found === 0 ? true : found === Done ? false : NotReady
  }
  enqueue(waiter: Waiter): void {
    this.lot.park(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.lot.withdraw(waiter)
  }
}
