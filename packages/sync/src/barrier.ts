/**
 * Barrier: goroutines wait for each other, round after round.
 *
 * Invariants, whenever no method of this file is running:
 *   1. The round has fewer than `parties` waiters: whoever would make it full ends the round, and the next begins empty.
 *   2. A waiter's slot is its round, so that one withdrawn by the very end of its round is not counted out of the next.
 *
 * Rejected: a barrier that breaks (Java's CyclicBarrier). There one that gives up fails all the others, as it had arrived and the round
 * can never be full again. Here an arrival is an op: withdrawn, it has not happened, and another may arrive instead.
 */
import { accessed, made, NotReady, Op, type Waiter, WaitList } from "@weft/core"
import { checkedCount } from "./invalid-amount.ts"
import { shown } from "./shown.ts"

/**
 * Lets nobody go on before `parties` have arrived, then all of them at once; then the next round begins.
 *
 * Laws
 * - The k-th arrival of a round gives k - 1: the last, who gives `parties - 1` and does not wait, can do what one has to do for all.
 * - All of a round go on at one moment: whoever arrives again meanwhile is of the next round.
 * - A waiter that is withdrawn (cancelled, or losing a select) is as if it had never arrived. The others wait on.
 * - Each wait is an arrival: two cases of one select that wait on the same barrier are two.
 *
 * Errors: `InvalidAmount` unless `parties` is a whole number from 1 on.
 *
 * @example
 * const barrier = new Barrier(2)
 * for (const half of ["left", "right"]) {
 *   go(function* () {
 *     for (let generation = 0; generation < 10; generation++) {
 *       compute(half, generation)
 *       if ((yield* barrier.wait()) === 1) swapHalves()
 *       yield* barrier.wait()
 *     }
 *   })
 * }
 *
 * @see Rust: std::sync::Barrier; Java: CyclicBarrier
 * @since 0.1.0
 */
export class Barrier {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown("Barrier", this, (barrier) => barrier.#state.status) as true

  readonly #state: State

  constructor(parties: number) {
    this.#state = new State(checkedCount("barrier: parties", parties, 1))
  }

  /** How many make a round. */
  get parties(): number {
    return this.#state.parties
  }

  /** How many have arrived and wait for the others. */
  get waiting(): number {
    accessed(this.#state)
    return this.#state.round.arrived
  }

  /** Arrives; ready once all have. Gives how many arrived earlier in this round. */
  wait(): Op<number> {
    return new Wait(this.#state)
  }
}

class Round {
  arrived = 0
  readonly waiters: WaitList = new WaitList()
}

class State {
  readonly parties: number
  round = new Round()

  constructor(parties: number) {
    this.parties = parties
    made(this)
  }

  get status(): string {
    return `${this.round.arrived} of ${this.parties} arrived`
  }

  /** Ends the round, unless one more would not make it full. Answers the place of that one. */
  pass(): number | typeof NotReady {
    const { parties, round } = this
    if (round.arrived < parties - 1) return NotReady
    // Before anybody is woken: he may arrive again.
    this.round = new Round()
    let place = 0
    for (const waiter of round.waiters.shiftAll()) waiter.commit(place++)
    return place
  }
}

class Wait extends Op<number> {
  declare private readonly state: State

  constructor(state: State) {
    super()
    this.state = state
  }

  get name(): string {
    return "sync.Barrier.Wait"
  }
  override get detail(): string {
    return `a barrier (${this.state.status})`
  }
  override get on(): object {
    return this.state
  }
  poll(): number | typeof NotReady {
    return this.state.pass()
  }
  enqueue(waiter: Waiter): void {
    // Where a select enqueues it after a case whose code has arrived meanwhile, it may be the last now.
    const place = this.state.pass()
    if (place !== NotReady) {
      waiter.commit(place)
      return
    }
    const { round } = this.state
    waiter.slot = round
    round.waiters.push(waiter)
    round.arrived++
  }
  dequeue(waiter: Waiter): void {
    const round = waiter.slot as Round | undefined
    // Being enqueued it made the round full, which another case of its select has won.
    if (round === undefined) return
    round.waiters.remove(waiter)
    round.arrived--
  }
}
