import { turnAfter } from "../guard.ts"
import { Turns } from "../turns.ts"

/** A lock of many threads, as its holds are numbered in this one. */
interface Lot {
  /** Whether this thread holds it. */
  isOwn(): boolean
  unlock(): void
}

/**
 * The holds of a shared lock by this thread, for its guards. Each has a number of its own, and so has the time in between: the lock may have
 * been unlocked on another thread, or locked by another object of this one.
 */
export class Holds extends Turns {
  readonly #lot: Lot

  constructor(lot: Lot) {
    super()
    this.#lot = lot
  }

  /** A hold begins; answers its number. */
  begin(): number {
    return (this.turn = turnAfter(this.turn))
  }

  end(): void {
    this.turn = turnAfter(this.turn)
  }

  override release(turn: number): void {
    if (this.#lot.isOwn()) super.release(turn)
  }

  unlock(): void {
    this.#lot.unlock()
  }
}
