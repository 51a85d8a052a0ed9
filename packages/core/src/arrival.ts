import * as Context from "effect/Context"
import * as Fiber from "effect/Fiber"
import type { Goroutine } from "./goroutine.ts"

/**
 * Arrival: a task that came from another thread, with all that its goroutine starts, directly or not; but for what a callback of the
 * host starts, of which nobody knows whose it is.
 *
 * They belong to the process-wide run, which does not end; the task does. So what would fail a `run` when that ends fails the task: a typed failure of one of
 * them is kept for a join until then. Those that the task leaves behind have nobody who keeps theirs.
 */
export class Arrival {
  /** The number of the task's own goroutine. */
  readonly id: number
  /** Those that have failed and that nobody has joined. */
  unjoined: Set<Goroutine> | undefined = undefined
  isOver = false

  constructor(id: number) {
    this.id = id
  }

  /** Its own goroutine has ended: answers the first that failed unjoined. */
  end(): Goroutine | undefined {
    this.isOver = true
    const [first] = this.unjoined ?? []
    this.unjoined = undefined
    return first
  }
}

/** Lets a fiber find the arrival whose goroutine started it. */
const ArrivalOfFiber: Context.Reference<Arrival | null> = Context.Reference<Arrival | null>("@weft/core/Arrival", {
  defaultValue: () => null,
})

/** Of the fiber that runs now. */
export const arrivalOfFiber = (): Arrival | null => Fiber.getCurrent()?.getRef(ArrivalOfFiber) ?? null

export const withArrival = (services: Context.Context<unknown>, arrival: Arrival): Context.Context<unknown> =>
  Context.add(services, ArrivalOfFiber, arrival)
