/**
 * SingleFlight: one run of some work for all who want its result at the same time.
 *
 * The work runs in a goroutine of its own, which the flight joins from the start, so its end, its error included, is everybody's who waits.
 *
 * Invariants, whenever no method of this file is running:
 *   1. A flight in the map is under way and has a waiter.
 *   2. One that nobody waits for any more has been interrupted, and is in the map no longer.
 *   3. Only the flight that stands under a key takes itself out: one that was forgotten leaves its successor alone.
 */
import {
  accessed,
  type Body,
  type ErrorOf,
  go,
  type Goroutine,
  made,
  NotReady,
  Op,
  type Processor,
  Waiter,
  WaitList,
  type Yieldable,
} from "@weft/core"

/**
 * What {@link SingleFlight.do} gives; `shared` says whether others got it, too.
 *
 * @since 0.1.0
 */
export interface Flown<out V> {
  readonly value: V
  readonly shared: boolean
}

/**
 * Suppresses duplicate work: of several who ask for one key at the same time the first starts the work, and all get what it gives.
 *
 * Laws
 * - While a key's work is under way, `do` waits for that and its own `body` is not used.
 * - All get the same value, or the same error: a failure, a throw; {@link GoroutineInterrupted} where the work ended itself by `goexit`.
 * - After `forget` the next `do` starts anew; those who wait for the old work still get its result, and its end disturbs nothing.
 * - Whoever is withdrawn (cancelled, or losing a select) leaves the others to it, also who started it. When the last one leaves, the work is
 *   interrupted, and he unwinds after it. In Go nobody can leave, and work goes on for nobody.
 * - The work belongs to the run of whoever started it, and is interrupted with that.
 *
 * Work may fail with what the type names: `new SingleFlight<string, User, HttpError>()`.
 *
 * @example
 * const users = new SingleFlight<number, string>()
 * const { value, shared } = yield* users.do(7, function* () {
 *   return yield* Op.fromPromise((signal) => fetch(`/users/7`, { signal }).then((response) => response.text()))
 * })
 *
 * @see Go: golang.org/x/sync/singleflight
 * @since 0.1.0
 */
export class SingleFlight<K, V, E = never> {
  readonly #state: State = new State()

  /** Gives the result of the work for `key`, which it starts on commit unless it is under way. */
  do<Y extends Yieldable>(key: K, body: Body<V, Y> & ([ErrorOf<Y>] extends [E] ? unknown : never)): Op<Flown<V>, E> {
    return new Do<Flown<V>, E>(this.#state, key, body)
  }

  /** Lets the next `do` for `key` start anew, whether or not work is under way. */
  forget(key: K): void {
    accessed(this.#state)
    this.#state.flights.delete(key)
  }
}

class State {
  readonly flights: Map<unknown, Flight> = new Map()

  constructor() {
    made(this)
  }
}

class Do<A, E> extends Op<A, E> {
  declare private readonly state: State
  declare private readonly key: unknown
  declare private readonly body: Body<unknown>

  constructor(state: State, key: unknown, body: Body<unknown>) {
    super()
    this.state = state
    this.key = key
    this.body = body
  }

  get name(): string {
    return "sync.SingleFlight.Do"
  }
  override get detail(): string {
    return `the key ${nameOf(this.key)}`
  }
  override get on(): object {
    return this.state
  }
  override get startsWork(): boolean {
    return true
  }
  poll(): unknown {
    return NotReady
  }
  enqueue(waiter: Waiter): void {
    const { flights } = this.state
    let flight = flights.get(this.key)
    if (flight === undefined) {
      flight = new Flight(this.state, this.key, go(this.body))
      flights.set(this.key, flight)
    }
    waiter.slot = flight
    flight.waiters.push(waiter)
  }
  dequeue(waiter: Waiter): void | Op<unknown, unknown> {
    const flight = waiter.slot as Flight
    waiter.slot = undefined
    return flight.leave(waiter)
  }
}

/** Without running code of the key's own. */
function nameOf(key: unknown): string {
  if (typeof key === "string") return JSON.stringify(key)
  return typeof key === "function" || (typeof key === "object" && key !== null) ? `(${typeof key})` : String(key)
}

/** One run of the work. It is the joiner of its goroutine. */
class Flight extends Waiter {
  readonly waiters: WaitList = new WaitList()
  readonly #state: State
  readonly #key: unknown
  readonly #goroutine: Goroutine
  readonly #join: Op<unknown, unknown>
  #isOver = false

  constructor(state: State, key: unknown, goroutine: Goroutine) {
    super()
    this.#state = state
    this.#key = key
    this.#goroutine = goroutine
    this.#join = goroutine.join()
    this.#join.enqueue(this)
  }

  get processor(): Processor {
    return this.#goroutine.processor
  }

  commit(value: unknown): void {
    const all = this.#land()
    const flown: Flown<unknown> = { value, shared: all.length > 1 }
    for (const waiter of all) waiter.commit(flown)
  }

  fail(error: unknown): void {
    for (const waiter of this.#land()) waiter.fail(error)
  }

  /** Withdraws a waiter. With the last one the work ends: what it throws from now on is a panic, as nobody is there. */
  leave(waiter: Waiter): void | Op<unknown, unknown> {
    this.waiters.remove(waiter)
    if (this.#isOver || !this.waiters.isEmpty) return undefined
    this.#end()
    this.#join.dequeue(this)
    const ends = new WaitList()
    this.#goroutine.onExit(() => ends.commitAll(undefined))
    this.#goroutine.interrupt()
    return new WorkEnd(this.#goroutine, ends)
  }

  #land(): ReadonlyArray<Waiter> {
    accessed(this.#state)
    this.#end()
    return this.waiters.shiftAll()
  }

  #end(): void {
    this.#isOver = true
    const { flights } = this.#state
    if (flights.get(this.#key) === this) flights.delete(this.#key)
  }
}

/** Ready once work that was interrupted has ended, however it ended. */
class WorkEnd extends Op<void> {
  declare private readonly goroutine: Goroutine
  declare private readonly waiters: WaitList

  constructor(goroutine: Goroutine, waiters: WaitList) {
    super()
    this.goroutine = goroutine
    this.waiters = waiters
  }

  get name(): string {
    return "sync.SingleFlight.Do"
  }
  override get detail(): string {
    return "the end of work that nobody waits for any more"
  }
  poll(): unknown {
    return this.goroutine.status === "done" ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    this.waiters.push(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.waiters.remove(waiter)
  }
}
