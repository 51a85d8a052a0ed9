/**
 * RWMutex: many readers or one writer.
 *
 * Invariants, whenever no method of this file is running:
 *   1. Not both a writer and readers.
 *   2. A writer waits implies that there is a holder; a reader waits implies that a writer holds it or waits.
 *
 * Who lets others in takes the lock in their name first, so that they can't lose it. A commit may be refused (see `Waiter.commit`): a select
 * that withdraws a writer may let in the reader that is its own other case.
 */
import {
  accessed,
  currentProcessor,
  type ErrorOf,
  made,
  NotReady,
  Op,
  type Waiter,
  WaitList,
  type Yieldable,
} from "@weft/core"
import type { PlainOrBody } from "./body-op.ts"
import { Guard, type Guarded } from "./guard.ts"
import type { Locker } from "./locker.ts"
import { shown } from "./shown.ts"
import { TurnOp, Turns } from "./turns.ts"
import { UnlockOfUnlocked } from "./unlock-of-unlocked.ts"
import { WithLock } from "./with-lock.ts"

/**
 * A lock that is held by any number of readers or by one writer.
 *
 * Laws
 * - A waiting writer stops new readers, so none waits for ever. (So don't lock to read what one has locked to read: a writer may wait in
 *   between.)
 * - After a writer all readers go that wait by then, and after them the next writer; writers in the order in which they came.
 * - A waiter that is withdrawn (interrupted, or losing a select) does not get the lock. The readers who waited behind a writer go on if he was
 *   the last one waiting.
 * - A select that waits to write and to read, both, waits behind itself as it would behind another.
 * - It has no owner: anybody may unlock it, and for as many readers as there are.
 *
 * Errors: {@link UnlockOfUnlocked}.
 *
 * @example
 * const rw = new RWMutex()
 * {
 *   using reading = yield* rw.rlock()
 *   yield* show(table)
 * }
 * yield* rw.withLock(function* () {
 *   table = yield* load()
 * })
 *
 * @see Go: sync.RWMutex
 * @since 0.1.0
 */
export class RWMutex implements Locker {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown("RWMutex", this, (rw) => rw.#state.status) as true

  readonly #state = new State()
  #rlocker: Locker | undefined

  /** Whether a writer holds it. */
  get locked(): boolean {
    accessed(this.#state)
    return this.#state.isWriting
  }

  /** How many readers hold it. */
  get readers(): number {
    accessed(this.#state)
    return this.#state.readers
  }

  /** Waits until it may write. What it gives unlocks when disposed: for `using`. */
  lock(): Op<Guard> {
    return new WriteLock(this.#state)
  }

  /** Locks to write if that needs no waiting, and says whether it did. */
  tryLock(): boolean {
    accessed(this.#state)
    if (this.#state.pollWrite() === NotReady) return false
    this.#state.heldBy(currentProcessor().current)
    return true
  }

  /** Ends the writing. */
  unlock(): void {
    this.#state.unlock()
  }

  /** Waits until it may read. What it gives unlocks when disposed, for `using`: end it so or by `runlock`, not by both. */
  rlock(): Op<Guard> {
    return new ReadLock(this.#state)
  }

  /** Locks to read if that needs no waiting, and says whether it did: not with a writer waiting. */
  tryRLock(): boolean {
    accessed(this.#state)
    return this.#state.pollRead() !== NotReady
  }

  /** Ends one reader's reading: whose, nobody can tell. */
  runlock(): void {
    this.#state.runlock()
  }

  /** Locks to write, runs `body`, and unlocks however that ends. See `Mutex.withLock`. */
  withLock<A, Y extends Yieldable>(body: () => Generator<Y, A, never>): Op<A, ErrorOf<Y>>
  withLock<A>(body: () => A): Op<A>
  withLock(body: PlainOrBody<unknown>): Op<unknown> {
    return new WithLock("RWMutex.withLock", this, body)
  }

  /** Locks to read, runs `body`, and unlocks however that ends. See `Mutex.withLock`. */
  withRLock<A, Y extends Yieldable>(body: () => Generator<Y, A, never>): Op<A, ErrorOf<Y>>
  withRLock<A>(body: () => A): Op<A>
  withRLock(body: PlainOrBody<unknown>): Op<unknown> {
    return new WithLock("RWMutex.withRLock", this.rlocker(), body)
  }

  /** Its read side as a lock: `lock` is `rlock`, `unlock` is `runlock`. */
  rlocker(): Locker {
    return (this.#rlocker ??= { lock: () => this.rlock(), unlock: () => this.runlock() })
  }
}

class State extends Turns {
  isWriting = false
  /** The goroutine that writes; 0 where that is not known. Its number, as in Mutex. */
  owner = 0
  readers = 0
  readonly writing = new WaitList()
  /** The slot of each is the batch that was let in last when it came. */
  readonly reading = new WaitList()
  batch = 0
  readonly readHold: Guarded = { release: () => this.runlock() }

  constructor() {
    super()
    made(this)
  }

  /** The number of the hold. */
  pollWrite(): number | typeof NotReady {
    if (this.isWriting || this.readers > 0) return NotReady
    this.isWriting = true
    this.owner = 0
    return this.turn
  }

  heldBy(goroutine: { readonly id: number } | null): void {
    if (goroutine !== null) this.owner = goroutine.id
  }

  /** Who must do something for anybody to be let in, if that is one goroutine. */
  get wakers(): ReadonlyArray<number> | undefined {
    return this.isWriting && this.owner !== 0 ? [this.owner] : undefined
  }

  pollRead(): typeof NotReady | undefined {
    if (this.isWriting || this.writing.head !== null) return NotReady
    this.readers++
    return undefined
  }

  unlock(): void {
    accessed(this)
    if (!this.isWriting) throw new UnlockOfUnlocked("RWMutex.unlock")
    this.isWriting = false
    this.next()
    if (this.reading.head !== null) this.admitReaders()
    else this.admitWriter()
  }

  runlock(): void {
    accessed(this)
    if (this.readers === 0) throw new UnlockOfUnlocked("RWMutex.runlock")
    this.endReading()
  }

  private endReading(): void {
    if (--this.readers === 0) this.admitWriter()
  }

  /** Lets in who could go since the last writer is gone, or after a waiting one is. */
  admit(): void {
    if (this.isWriting) return
    if (this.writing.head === null) this.admitReaders()
    else if (this.readers === 0) this.admitWriter()
  }

  /** Lets in the readers that wait now, not those that come meanwhile: a fiber runs on inside its commit. */
  private admitReaders(): void {
    const batch = ++this.batch
    // Until all are in, this counts as one of them: a fiber may end its reading before the next one's begins.
    this.readers++
    for (
      let reader = this.reading.head;
      reader !== null && (reader.slot as number) < batch;
      reader = this.reading.head
    ) {
      this.reading.shift()
      this.readers++
      if (reader.commit(undefined) === false) this.readers--
    }
    this.endReading()
  }

  private admitWriter(): void {
    for (let writer = this.writing.shift(); writer !== null; writer = this.writing.shift()) {
      this.isWriting = true
      this.owner = 0
      if (writer.commit(this.turn) !== false) return
      this.isWriting = false
    }
    // Behind writers that refused.
    if (this.reading.head !== null) this.admitReaders()
  }

  get status(): string {
    const readers = `${this.readers} reader${this.readers === 1 ? "" : "s"}`
    const waiting = this.writing.length + this.reading.length
    const writer = this.owner === 0 ? "a writer" : `written by goroutine ${this.owner}`
    return `${this.isWriting ? writer : readers}, ${waiting} waiting`
  }
}

class WriteLock extends TurnOp {
  declare private readonly state: State

  constructor(state: State) {
    super()
    this.state = state
  }

  get turns(): Turns {
    return this.state
  }
  get name(): string {
    return "sync.RWMutex.Lock"
  }
  override get detail(): string {
    return `an RWMutex (${this.state.status})`
  }
  override get on(): object {
    return this.state
  }
  override get wakers(): ReadonlyArray<number> | undefined {
    return this.state.wakers
  }
  /** Withdrawing it lets readers go on: fibers at once. */
  override get startsWork(): boolean {
    return true
  }
  poll(): unknown {
    return this.state.pollWrite()
  }
  enqueue(waiter: Waiter): void {
    const { state } = this
    state.writing.push(waiter)
    // A select enqueues it after others, whose code may have unlocked.
    state.admit()
  }
  dequeue(waiter: Waiter): void {
    const { state } = this
    state.writing.remove(waiter)
    state.admit()
  }
  override finish(raw: unknown): Guard {
    const { state } = this
    if (raw === state.turn) state.heldBy(currentProcessor().current)
    return new Guard(state, raw as number)
  }
}

class ReadLock extends Op<Guard> {
  declare private readonly state: State

  constructor(state: State) {
    super()
    this.state = state
  }

  get name(): string {
    return "sync.RWMutex.RLock"
  }
  override get detail(): string {
    return `an RWMutex (${this.state.status})`
  }
  override get on(): object {
    return this.state
  }
  override get wakers(): ReadonlyArray<number> | undefined {
    return this.state.wakers
  }
  poll(): unknown {
    return this.state.pollRead()
  }
  enqueue(waiter: Waiter): void {
    waiter.slot = this.state.batch
    this.state.reading.push(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.state.reading.remove(waiter)
  }
  override finish(): Guard {
    return new Guard(this.state.readHold, 0)
  }
}
