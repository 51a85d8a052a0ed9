/**
 * SingleFlight: one run of some work for all who want its result at the same time.
 *
 * The work runs in a goroutine of its own, which the flight joins from the start, so its end, its error included, is everybody's who waits.
 *
 * Work may come to wait for itself, also by way of other flights. So a waiter that is the goroutine of a flight keeps another one only as long as
 * something keeps that one. And whoever leaves a flight waits for its end only if he is older than its goroutine: all that a goroutine waits for
 * while it unwinds (a scope's goroutines, the end of another flight) is younger than it is, so no ring can come of it.
 *
 * Invariants, whenever no method of this file is running:
 *   1. A flight in the map is under way and has a waiter.
 *   2. One that nobody waits for any more, or only flights that nobody waits for, has been interrupted, and is in the map no longer.
 *   3. Only the flight that stands under a key takes itself out: one that was forgotten leaves its successor alone.
 *
 * Rejected: telling by who started whom what is part of the work. That chain breaks where one in between has ended, and two flights that were
 * begun by others can each have the other's caller in a scope.
 */
import {
  accessed,
  type Body,
  currentProcessor,
  type ErrorOf,
  type Goroutine,
  GoroutineInterrupted,
  made,
  NotReady,
  Op,
  type Processor,
  Waiter,
  WaitList,
  type Yieldable,
} from "@weft/core"
import { shown } from "./shown.ts"
import { started } from "./started.ts"

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
 *   interrupted, and he unwinds after it if he is older than it: what was started later may be a part of it. In Go nobody can leave, and work
 *   goes on for nobody.
 * - Work that waits for its own key, itself or by way of other flights, waits for ever. It is a deadlock, and keeps nothing under way.
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
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown(
    "SingleFlight",
    this,
    (flights) => flights.#state.status,
  ) as true

  readonly #state: State = new State()

  /** Gives the result of the work for `key`, which it starts on commit unless it is under way. */
  do<Y extends Yieldable>(key: K, body: Body<V, Y> & ([ErrorOf<Y>] extends [E] ? unknown : never)): Op<Flown<V>, E> {
    return new Do<Flown<V>, E>(this.#state, key, body)
  }

  /** Lets the next `do` for `key` start anew, whether or not work is under way. */
  forget(key: K): void {
    accessed(this.#state)
    if (this.#state.flights.delete(key)) this.#state.forgotten++
  }
}

class State {
  readonly flights: Map<unknown, Flight> = new Map()
  /** Flights under way that were forgotten. */
  forgotten = 0

  constructor() {
    made(this)
  }

  get status(): string {
    return `${this.flights.size + this.forgotten} under way`
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
    const runner = this.wakers
    return `the key ${nameOf(this.key)}${runner === undefined ? "" : `, run by goroutine ${runner[0]!}`}`
  }
  override get on(): object {
    return this.state
  }
  override get wakers(): ReadonlyArray<number> | undefined {
    const flight = this.state.flights.get(this.key)
    // After a forget it may be another goroutine that some of those wait for.
    return flight === undefined || this.state.forgotten > 0 ? undefined : flight.wakers
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
    const isFirst = flight === undefined
    if (flight === undefined) {
      flight = new Flight(this.state, this.key, started("SingleFlight.do", this.body, []))
      flights.set(this.key, flight)
    }
    flight.join(waiter, isFirst)
  }
  dequeue(waiter: Waiter): void | Op<unknown, unknown> {
    const place = waiter.slot as Place
    waiter.slot = undefined
    return place.flight.leave(waiter, place.isOlder)
  }
}

/** Without running code of the key's own. */
function nameOf(key: unknown): string {
  if (typeof key === "string") return JSON.stringify(key)
  return typeof key === "function" || (typeof key === "object" && key !== null) ? `(${typeof key})` : String(key)
}

/** What a flight knows of one of its waiters. */
interface Place {
  readonly flight: Flight
  /** The flight whose goroutine waits here. */
  readonly of: Flight | undefined
  /** Whether he was there before the flight's goroutine. */
  readonly isOlder: boolean
}

const flightOf = /* @__PURE__ */ new WeakMap<Goroutine, Flight>()

/** One run of the work. It is the joiner of its goroutine. */
class Flight extends Waiter {
  readonly waiters: WaitList = new WaitList()
  readonly wakers: ReadonlyArray<number>
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
    this.wakers = [goroutine.id]
    flightOf.set(goroutine, this)
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

  join(waiter: Waiter, isFirst: boolean): void {
    const { current } = currentProcessor()
    // Not one that only makes a promise, or runs a fiber, in its step.
    const goroutine = current?.isParked === true ? current : undefined
    // Of a fiber it is not known. Goroutines of other processors may be numbered apart.
    const isOlder = isFirst || (goroutine?.processor === this.processor && goroutine.id < this.#goroutine.id)
    waiter.slot = { flight: this, of: goroutine && flightOf.get(goroutine), isOlder } satisfies Place
    this.waiters.push(waiter)
  }

  /** Withdraws a waiter. With the last one the work ends: what it throws from now on is a panic, as nobody is there. */
  leave(waiter: Waiter, isOlder: boolean): void | Op<unknown, unknown> {
    this.waiters.remove(waiter)
    if (this.#isOver || this.#isKept(new Set())) return undefined
    this.#end()
    this.#join.dequeue(this)
    const ends = new WaitList()
    this.#goroutine.onExit(() => ends.commitAll(undefined))
    // The others in the ring leave in here, all but who waits in a `finally` block.
    this.#goroutine.interrupt()
    const { id, name } = this.#goroutine
    this.waiters.failAll(() => new GoroutineInterrupted(id, name, undefined))
    return isOlder ? new WorkEnd(this.#goroutine, ends) : undefined
  }

  /** Whether anybody waits for it but flights that nobody else waits for; `seen` are those looked at. */
  #isKept(seen: Set<Flight>): boolean {
    accessed(this.#state)
    // One that was interrupted is nobody's but its own, and waits here for its `finally` block.
    if (this.#isOver) return true
    seen.add(this)
    for (let waiter = this.waiters.head; waiter !== null; waiter = waiter.next) {
      const { of } = waiter.slot as Place
      if (of === undefined || (!seen.has(of) && of.#isKept(seen))) return true
    }
    return false
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
    else this.#state.forgotten--
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
  override get wakers(): ReadonlyArray<number> {
    return [this.goroutine.id]
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
