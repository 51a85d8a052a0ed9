/**
 * Waiter: one registration of somebody who waits for an op.
 *
 * Invariants:
 *   1. A waiter is enqueued with at most one op at a time, and stands in at most one WaitList.
 *   2. Between `enqueue` and the first of `commit`, `fail` and `dequeue` it belongs to the op, `slot` included; afterwards the op
 *      has forgotten it, as its next wait, for anything, may be the same object. Whoever commits a waiter has taken it out of his list before.
 *   3. Committing takes and hands over in one step: a waiter that was withdrawn has taken nothing, and one that was committed
 *      can't be withdrawn any more.
 */
import type { Processor } from "./processor.ts"

/**
 * Somebody who waits for an op: a goroutine, a case of a select, an Effect fiber or a promise.
 *
 * An op keeps it from `enqueue` on, and then either calls `commit` or `fail` once, or sees `dequeue`.
 *
 * @since 0.1.0
 */
export abstract class Waiter {
  /** Links of the one {@link WaitList} it stands in. */
  declare next: Waiter | null
  declare prev: Waiter | null
  /** Free for the op while the waiter is enqueued with it: a sender's value, a timer's entry. */
  declare slot: unknown

  constructor() {
    this.next = null
    this.prev = null
    this.slot = undefined
  }

  /** The processor whose clock and counters the wait belongs to. */
  abstract readonly processor: Processor

  /**
   * The op has happened, with this raw value (the op's `finish` makes its result of it). Makes a goroutine runnable; a fiber runs on at once.
   *
   * Answers false where the wait was over already: a case of a select that another has won, before it was dequeued. Then nothing has been
   * taken, and the op has forgotten it all the same.
   */
  abstract commit(raw: unknown): boolean | void

  /**
   * Says that the op may happen at any moment, by what another thread does, until `elsewhere.takeBack()`: a send to a shared channel of capacity
   * 0 that is offered. False: another op of the same select can too, and at most one of them may.
   *
   * Whoever stands before another waiter passes this, `offer`, `mayCommit` and `waitsOn` on to it.
   */
  happensElsewhere(_elsewhere: Elsewhere): boolean {
    return true
  }

  /** What was given to `happensElsewhere`, by this or another case of the same select. */
  get offer(): Elsewhere | null {
    return null
  }

  /**
   * Asked, while the waiter still stands in the op's list, before something is taken that could not be given back where the commit is refused.
   * False: the wait is over, perhaps by what has happened elsewhere.
   */
  mayCommit(): boolean {
    return true
  }

  /** After `mayCommit`: there was nothing to take, and the wait goes on. */
  waitsOn(): void {}

  /** The op has failed: mark a typed failure with {@link failure}, anything else arrives as a panic. */
  abstract fail(error: unknown): void
}

/** An op that another thread can make happen. @since 0.2.0 */
export interface Elsewhere {
  /** Sees to it that it does not happen any more. False: it has, and the waiter has been taken out of the list. */
  takeBack(): boolean
  /** It may happen again. */
  offerAgain(): void
  /**
   * Where `takeBack` has answered false: the waiter to whom it has happened is committed later, by a message that is on its way, and until then
   * the wait is decided and not over. Left out: it is whoever was given to `happensElsewhere`, and he can be committed at once.
   */
  readonly comesLater?: boolean
  /** With `comesLater`: whether it is this waiter to whom it has happened. */
  settles?(waiter: Waiter): boolean
}
