/**
 * Guard: a hold of a lock, which ends once.
 *
 * A lock counts its turns: each hold of it has a number of its own. A guard keeps its hold's number, so one that comes too late finds
 * another number and unlocks nothing: a second dispose, or one after `unlock()` was called by hand.
 *
 * Rejected: one guard a lock, given to every holder. A stale one is the very object that the next holder has, so it would unlock for him.
 */

/** A lock as its guards see it. */
export interface Guarded {
  /** Ends the hold with this number, unless it has ended. */
  release(turn: number): void
}

/** Turns are counted round, so that they stay small integers: a guard is mistaken after a billion holds of its lock. */
const turns = 2 ** 30 - 1

export function turnAfter(turn: number): number {
  return (turn + 1) & turns
}

/** No lock has this turn. */
const over = -1

/**
 * Unlocks when disposed, once: `using guard = yield* mutex.lock()`.
 *
 * Laws
 * - Disposed again it does nothing. A guard of who is alone (a Mutex, a writer) does nothing either once its lock was unlocked by hand, whoever
 *   has locked it since. Readers and permits are only counted, so nobody can tell whose `runlock` or `release` was meant: end these by the guard
 *   or by hand, not by both, or the guard ends another's.
 * - Of a shared lock it knows what was done in this thread by the object that made it. Attached twice in one thread (`SharedMutex.from`), unlock
 *   by the object that locked.
 * - A Cond's wait, which unlocks and locks again, leaves it as it was.
 *
 * @since 0.1.0
 */
export class Guard implements Disposable {
  declare private readonly lock: Guarded
  declare private turn: number

  /** Only locks make guards. */
  constructor(lock: Guarded, turn: number) {
    this.lock = lock
    this.turn = turn
  }

  [Symbol.dispose](): void {
    const { turn } = this
    if (turn === over) return
    this.turn = over
    this.lock.release(turn)
  }
}

/**
 * A guard of who need not wait: also the iteration of his `yield*`, and its result.
 *
 * Were it written into the op, which a lock keeps and which is old, the collector would have to be told of it each time: 1.3x.
 */
export class TakenGuard extends Guard {
  get done(): true {
    return true
  }
  get value(): Guard {
    return this
  }
  next(): this {
    return this
  }
}
