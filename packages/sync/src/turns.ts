import { Op } from "@weft/core"
import { type Guard, type Guarded, turnAfter } from "./guard.ts"

/** No turn. */
const none = -1

/**
 * The holds of a lock that has one holder at a time, numbered one after the other.
 *
 * A Cond's wait unlocks and locks again, and what its goroutine had before is what it has afterwards: its guard must still unlock. So a hold
 * may be known by the number of an earlier one as well.
 */
export abstract class Turns implements Guarded {
  /** The number of the present hold, or of the next one. */
  turn = 0
  /** Another number of the hold `resumedAs`. */
  private resumed = none
  private resumedAs = none

  abstract unlock(): void

  /** The hold has ended. */
  protected next(): void {
    this.turn = turnAfter(this.turn)
  }

  release(turn: number): void {
    if (turn === this.turn || (turn === this.resumed && this.resumedAs === this.turn)) this.unlock()
  }

  /** The number of the present hold, for `resume`. */
  get present(): number {
    return this.resumedAs === this.turn ? this.resumed : this.turn
  }

  /** The present hold goes on with an earlier one. */
  resume(turn: number): void {
    this.resumed = turn
    this.resumedAs = this.turn
  }
}

/** Locks something of that kind. */
export abstract class TurnOp<out E = never> extends Op<Guard, E> {
  abstract readonly turns: Turns
}
