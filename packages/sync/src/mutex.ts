/**
 * Mutex: one holder at a time.
 *
 * Who unlocks while others wait either hands the lock over to the front waiter, or wakes that one and leaves the lock free: whoever comes
 * first takes it then. Woken is only a goroutine that stands at its own `yield* mutex.lock()`, as it can look again and go back to waiting.
 * For any other waiter (a case of a select, a fiber, a promise, a Cond's) a commit is final, so it is handed over.
 *
 *                    unlock: wakes it, lock free                  it runs, lock free
 *   front waiter ----------------------------------> awake ------------------------------> holder
 *       |                                              | it runs, lock taken meanwhile        ^
 *       |                                              v                                      |
 *       |                                          passed over -------------------------------+
 *       +-------------------------------------------------------------------------------------+
 *                    unlock: hands over
 *
 * So a running goroutine need not wait for a queue that formed while somebody held the lock across a yield (with one hold in a hundred of
 * that kind that is 0.3x what handing over costs; with all of them the same), and no waiter is passed over more than once.
 *
 * Invariants, whenever no method of this file is running:
 *   1. Somebody waits implies that the lock is held, or that one is awake, who will run and find it free or held.
 *   2. At most one is awake, and at most one passed over, and not both: who was passed over is next.
 *
 * What was rejected stands in docs/decisions/0006-a-mutex-wakes-once-and-then-hands-over.md.
 */
import {
  accessed,
  currentProcessor,
  type ErrorOf,
  made,
  NotReady,
  type Op,
  type OpIterator,
  Phase,
  type Waiter,
  WaitList,
  type Yieldable,
} from "@weft/core"
import type { PlainOrBody } from "./body-op.ts"
import { Guard, TakenGuard } from "./guard.ts"
import type { Locker } from "./locker.ts"
import { shown } from "./shown.ts"
import { TurnOp, Turns } from "./turns.ts"
import { UnlockOfUnlocked } from "./unlock-of-unlocked.ts"
import { WithLock } from "./with-lock.ts"

/**
 * A mutual exclusion lock.
 *
 * Between two `yield*` no other goroutine runs, so it is for what must hold across one.
 *
 * Laws
 * - One holder at a time. It has no owner: anybody may unlock it.
 * - First come, first served, but a running goroutine may lock it before the front waiter, just woken, has run. A waiter is passed over once
 *   at most. (Go: as often as happens within 1 ms.)
 * - A waiter that is withdrawn (interrupted, or losing a select) does not get the lock. One that got it and is interrupted before it runs
 *   has it up to its next op, and unwinds there: `finally` blocks and `using` unlock.
 * - Not for recursion: locking what one holds waits for ever.
 *
 * Errors: {@link UnlockOfUnlocked}.
 *
 * In an Effect use `withLock`, or `Effect.acquireUseRelease`: an interrupted fiber runs no `finally`, and no `using`, of `Effect.gen`.
 *
 * @example
 * const mutex = new Mutex()
 * {
 *   using guard = yield* mutex.lock()
 *   const balance = yield* load()
 *   yield* store(balance + 1)
 * }
 *
 * @see Go: sync.Mutex
 * @since 0.1.0
 */
export class Mutex implements Locker {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown("Mutex", this, (mutex) => mutex.#state.status) as true

  readonly #state = new State()
  /** Serves everybody who does not wait with it: making one for each lock is a tenth of what that costs (bench/mutex). */
  readonly #lock = new Lock(this.#state)

  /** Whether somebody holds it. */
  get locked(): boolean {
    accessed(this.#state)
    return this.#state.isLocked
  }

  /** Waits for the lock. What it gives unlocks when disposed: for `using`. */
  lock(): Op<Guard> {
    return this.#lock.isIdle ? this.#lock : new Lock(this.#state)
  }

  /** Locks it if that needs no waiting, and says whether it did. */
  tryLock(): boolean {
    accessed(this.#state)
    if (this.#state.poll() === NotReady) return false
    this.#state.heldBy(currentProcessor().current)
    return true
  }

  /** Unlocks it, for whoever holds it. */
  unlock(): void {
    this.#state.unlock()
  }

  /**
   * Locks, runs `body`, a plain or a generator function, gives what that returns, and unlocks however it ends.
   *
   * A goroutine runs `body` as a part of itself; in an Effect, a select or a promise it runs as a goroutine of its own, and is interrupted when
   * the op is withdrawn.
   */
  withLock<A, Y extends Yieldable>(body: () => Generator<Y, A, never>): Op<A, ErrorOf<Y>>
  withLock<A>(body: () => A): Op<A>
  withLock(body: PlainOrBody<unknown>): Op<unknown> {
    return new WithLock("Mutex.withLock", this, body)
  }
}

/** What a goroutine is woken with that gets no lock by it. */
const LookAgain = -1

class State extends Turns {
  isLocked = false
  /** The goroutine that holds it; 0 where that is not known. Its number: the goroutine itself may be parked for ever elsewhere. */
  owner = 0
  isOneAwake = false
  passedOver: Waiter | null = null
  readonly waiters = new WaitList()

  constructor() {
    super()
    made(this)
  }

  /** The number of the hold. */
  poll(): number | typeof NotReady {
    if (this.isLocked) return NotReady
    this.isLocked = true
    this.owner = 0
    return this.turn
  }

  heldBy(goroutine: { readonly id: number } | null): void {
    if (goroutine !== null) this.owner = goroutine.id
  }

  unlock(): void {
    accessed(this)
    if (!this.isLocked) throw new UnlockOfUnlocked("Mutex.unlock")
    this.next()
    if (this.passedOver === null && this.waiters.head === null) this.isLocked = false
    else this.passOn()
  }

  private passOn(): void {
    this.owner = 0
    for (let next = this.takeNext(); next !== null; next = this.takeNext())
      // Refused by a case of a select that is over: see `Waiter.commit`.
      if (next.commit(this.turn) !== false) return
    this.isLocked = false
    if (this.isOneAwake || this.waiters.head === null) return
    this.isOneAwake = true
    this.waiters.shift()!.commit(LookAgain)
  }

  /** Takes out who is handed the lock, if it is to be handed over. */
  private takeNext(): Waiter | null {
    const { passedOver } = this
    this.passedOver = null
    if (passedOver !== null) return passedOver
    const front = this.waiters.head
    return front === null || this.isOneAwake || front.slot === CanLookAgain ? null : this.waiters.shift()
  }

  get status(): string {
    const waiting = this.waiters.length + (this.passedOver === null ? 0 : 1)
    const holder = !this.isLocked ? "free" : this.owner === 0 ? "locked" : `locked by goroutine ${this.owner}`
    return `${holder}, ${waiting} waiting`
  }
}

/** The slot of a waiter that may be woken without getting the lock. */
const CanLookAgain: unique symbol = Symbol("CanLookAgain")

class Lock extends TurnOp {
  declare private readonly state: State
  /** The goroutine that commits this op by its own iteration, and was not served at once; 0 if none. */
  declare private parker: number
  /** It was woken and found the lock taken. */
  declare private isPassedOver: boolean

  constructor(state: State) {
    super()
    this.state = state
    this.parker = 0
    this.isPassedOver = false
  }

  /** Nobody's commit of it is under way. */
  get isIdle(): boolean {
    return this.phase === Phase.Idle
  }

  // Op's own iteration, written out: see channels' send.ts.
  override [Symbol.iterator](): OpIterator<Guard, never> {
    const processor = currentProcessor()
    const goroutine = processor.current
    if (this.phase !== Phase.Idle || goroutine === null) return super[Symbol.iterator]()
    const { state } = this
    if ((--processor.ticks < 0 && processor.putOff(this)) || state.isLocked) {
      this.parker = goroutine.id
      return this.yieldSelf()
    }
    state.isLocked = true
    state.owner = goroutine.id
    return new TakenGuard(state, state.turn)
  }

  override next(raw?: unknown): IteratorResult<Op<Guard>, Guard> {
    if (this.phase === Phase.Yielded) {
      const turn = raw === LookAgain ? this.lookAgain() : raw
      if (turn === NotReady) currentProcessor().yielded = this
      else {
        this.phase = Phase.Idle
        this.parker = 0
        this.done = true
        this.value = this.finish(turn)
      }
    } else if (this.phase === Phase.Polled) this.phase = Phase.Yielded
    return this as unknown as IteratorResult<Op<Guard>, Guard>
  }

  private lookAgain(): unknown {
    const { state } = this
    accessed(state)
    state.isOneAwake = false
    this.isPassedOver = state.isLocked
    return state.poll()
  }

  override abandon(): void {
    this.parker = 0
    this.isPassedOver = false
    super.abandon()
  }

  get turns(): Turns {
    return this.state
  }
  get name(): string {
    return "sync.Mutex.Lock"
  }
  override get detail(): string {
    return `a Mutex (${this.state.status})`
  }
  override get on(): object {
    return this.state
  }
  override get wakers(): ReadonlyArray<number> | undefined {
    return this.state.isLocked && this.state.owner !== 0 ? [this.state.owner] : undefined
  }
  poll(): unknown {
    return this.state.poll()
  }
  enqueue(waiter: Waiter): void {
    if (this.isPassedOver) {
      this.isPassedOver = false
      this.state.passedOver = waiter
      return
    }
    // By number: another goroutine may commit this op meanwhile, and not by this iteration.
    if ((waiter as { readonly id?: number }).id === this.parker) waiter.slot = CanLookAgain
    this.state.waiters.push(waiter)
  }
  dequeue(waiter: Waiter): void {
    if (this.state.passedOver === waiter) this.state.passedOver = null
    else this.state.waiters.remove(waiter)
  }
  override finish(raw: unknown): Guard {
    const { state } = this
    if (raw === state.turn) state.heldBy(currentProcessor().current)
    return new Guard(state, raw as number)
  }
}
