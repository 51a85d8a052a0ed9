/**
 * SharedOnce: something done once, by whichever thread asks first.
 *
 * Memory, two Int32 from `offset` on, every access atomic:
 *   0 HEADER  see core's shared-words.ts.
 *   1 STATE   0: not begun; the number of a thread: that one runs it; -1: done. By compare-and-swap.
 *
 * Transitions: 0 -> me, by who runs it; me -> -1, by him, when it has ended; thread -> 0, by who says that the thread has ended. The last
 * two notify all that wait for STATE.
 *
 * Whoever waits has brought his own body. Where the thread that ran one has ended, the next is the body of whoever waits longest in the
 * thread that sees it first.
 */
import {
  accessed,
  type ErrorOf,
  generatorIn,
  go,
  type Goroutine,
  NotReady,
  Op,
  starter,
  threadId,
  type Waiter,
  WaitWord,
  type Yieldable,
} from "@weft/core"
import { checkedFunction, type PlainOrBody } from "../body-op.ts"
import { shown } from "../shown.ts"
import { checkedThread } from "./checked-thread.ts"
import { handleFor, handleOf, type SharedHandle, wordsOf } from "./shared-handle.ts"

const kind = { name: "SharedOnce", number: 6, version: 1 } as const

const State = 1
const wordCount = 2

const Done = -1

/**
 * Does something once, whichever goroutine of whichever thread asks first.
 *
 * Laws
 * - Of all who call `do`, on all threads, one's body is run. Nobody returns before it has ended.
 * - It counts as done however it ends. What it throws, or fails with, is thrown to the caller that made it run; the others return.
 * - It runs in a goroutine of its own. A caller that is interrupted or takes another case of its select leaves it to the others; if nobody
 *   waits any more it runs on, and what it throws is a panic. In a select it begins only when the select has to wait.
 * - A body that ends itself by `goexit`, or is interrupted with its run, counts as done; who made it run gets `GoroutineInterrupted`.
 * - If its thread ends in the middle, it has not been done: the next who waits, or comes, runs his.
 *
 * Memory: 8 bytes, word by word at the top of this file.
 *
 * Errors: `InvalidBody` to the caller whose body is run if it is async, or returns an op; `SharedLayoutMismatch`, `InvalidSharedPlace`,
 * `SharedMemoryUnavailable` where it can't be made.
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
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown("SharedOnce", this, (once) => once.#lot.status) as true

  readonly #lot: Lot

  /** In memory of its own; or the one that a handle names, as by `from`. */
  constructor(handle?: SharedHandle<"SharedOnce">) {
    this.#lot = new Lot(wordsOf(kind, wordCount, handle))
  }

  /** The one that lies at `offset` in `buffer`, or is made there of zeroed memory. */
  static at(buffer: SharedArrayBuffer, offset: number): SharedOnce {
    return new SharedOnce({ weft: "SharedOnce", buffer, offset })
  }

  /** The one that another thread has shared. */
  static from(handle: SharedHandle<"SharedOnce">): SharedOnce {
    return new SharedOnce(handleOf(kind.name, handle))
  }

  /** What a message can carry to another thread, where `SharedOnce.from` makes it of it. */
  share(): SharedHandle<"SharedOnce"> {
    return handleFor("SharedOnce", this.#lot)
  }

  /** Whether it has been done. */
  get done(): boolean {
    accessed(this.#lot.memory)
    return Atomics.load(this.#lot.words, State) === Done
  }

  /** Ready once a body has ended; runs `body`, a plain or a generator function, if none was run yet. */
  do<Y extends Yieldable>(body: () => Generator<Y, unknown, never>): Op<void, ErrorOf<Y>>
  do(body: () => unknown): Op<void>
  do(body: PlainOrBody<unknown>): Op<void> {
    return new Do(this.#lot, checkedFunction("SharedOnce.do", body))
  }

  /** Says that a thread has ended, by its `threadId()`: what it ran is for the next. `@weft/workers` does for its own. */
  threadDied(thread: number): void {
    this.#lot.threadDied(checkedThread(thread))
  }
}

/** The slot of one that waits. */
interface Caller {
  readonly body: PlainOrBody<unknown>
  /** Starts it in the run that he belongs to, unless that is over. */
  readonly start: () => Goroutine | undefined
}

interface Thrown {
  readonly error: unknown
}

class Lot extends WaitWord {
  readonly memory: SharedArrayBuffer
  /** Whose body this thread runs, while it does and he waits. */
  #first: Waiter | null = null
  /** What to tell him. */
  #thrown: Thrown | undefined
  #runner: Goroutine | undefined

  constructor(words: Int32Array<SharedArrayBuffer>) {
    super(words, State)
    this.memory = words.buffer
  }

  ask(waiter: Waiter, body: PlainOrBody<unknown>): void {
    waiter.slot = { body, start: starter("SharedOnce.do", () => this.run(body)) } satisfies Caller
    this.park(waiter)
  }

  leave(waiter: Waiter): void {
    waiter.slot = undefined
    if (this.#first === waiter) this.#first = null
    this.withdraw(waiter)
  }

  threadDied(thread: number): void {
    accessed(this.memory)
    Atomics.compareExchange(this.words, State, thread, 0)
    // Also if it is done: the thread may have ended before it told anybody.
    this.tellAll()
  }

  private tellAll(): void {
    Atomics.notify(this.words, State, Infinity)
    if (this.waiters.head !== null) this.attend(false)
  }

  protected override serve(): number {
    for (let front = this.waiters.head; front !== null; front = this.waiters.head) {
      // The value judged by, not one read later: in between it may have been done.
      const found = Atomics.compareExchange(this.words, State, 0, threadId())
      if (found === 0) this.start(front)
      else if (found === Done) this.tell(front)
      else return found
    }
    return Done
  }

  /** This thread is to run it. The caller stays in the list, as the one whose it is. */
  private start(caller: Waiter): void {
    this.#first = caller
    const { body, start } = caller.slot as Caller
    const goroutine = start() ?? go(() => this.run(body))
    this.#runner = goroutine
    // Not in its body: a goroutine that is interrupted before its first step runs none of it.
    goroutine.onExit(() => {
      if (this.#runner === goroutine) this.end({ error: interruption(goroutine) })
    })
  }

  private tell(waiter: Waiter): void {
    this.waiters.shift()
    waiter.slot = undefined
    const thrown = this.#first === waiter ? this.#thrown : undefined
    if (thrown === undefined) this.grant(waiter, undefined)
    else this.refuse(waiter, thrown.error)
  }

  private *run(body: PlainOrBody<unknown>): Generator<Yieldable, void, unknown> {
    try {
      const rest = generatorIn("SharedOnce.do", body, body())
      if (rest !== undefined) yield* rest
    } catch (error) {
      // With nobody there to hear of it, it is a panic, or a failure that nobody joined, as of any goroutine.
      if (!this.end({ error })) throw error
      return
    }
    this.end(undefined)
  }

  /** It has ended; answers whether somebody was told of the error. */
  private end(thrown: Thrown | undefined): boolean {
    this.#runner = undefined
    this.#thrown = thrown
    const isHeard = this.#first !== null
    accessed(this.memory)
    Atomics.store(this.words, State, Done)
    this.tellAll()
    this.#first = null
    this.#thrown = undefined
    return isHeard
  }

  get status(): string {
    const state = Atomics.load(this.words, State)
    return state === 0 ? "not begun" : state === Done ? "done" : `run by thread ${state}`
  }

  protected override passOn(): void {
    // All are woken at once.
  }
}

/** What a join of a goroutine that was interrupted throws. */
function interruption(goroutine: Goroutine): unknown {
  try {
    return goroutine.join().poll()
  } catch (error) {
    return error
  }
}

class Do extends Op<void> {
  declare private readonly lot: Lot
  declare private readonly body: PlainOrBody<unknown>

  constructor(lot: Lot, body: PlainOrBody<unknown>) {
    super()
    this.lot = lot
    this.body = body
  }

  get name(): string {
    return "sync.SharedOnce.Do"
  }
  override get detail(): string {
    return `a shared once (${this.lot.status})`
  }
  override get on(): object {
    return this.lot.memory
  }
  override get startsWork(): boolean {
    return true
  }
  poll(): unknown {
    return Atomics.load(this.lot.words, State) === Done ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    this.lot.ask(waiter, this.body)
  }
  dequeue(waiter: Waiter): void {
    this.lot.leave(waiter)
  }
}
