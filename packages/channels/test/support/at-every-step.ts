import { go, type Goroutine, type Op } from "@weft/core"
import { waitIdle } from "@weft/core/testing"

/**
 * Interrupts `victim` from another goroutine: an exhaustive search places that before, between and after all of the victim's steps. Comes
 * back when all are at rest, and `others`, who may wait in vain now, have been ended.
 */
export function* atEveryStep(
  victim: Goroutine<unknown, unknown>,
  ...others: ReadonlyArray<Goroutine<unknown, unknown>>
): Generator<Op<void>, void, unknown> {
  go.named("canceller", function* () {
    victim.interrupt()
  })
  yield* waitIdle()
  yield* endAll(...others)
}

/** Interrupts whoever still waits, and comes back when all have ended. */
export function* endAll(...goroutines: ReadonlyArray<Goroutine<unknown, unknown>>): Generator<Op<void>, void, unknown> {
  for (const goroutine of goroutines) goroutine.interrupt()
  yield* waitIdle()
}
