import { type Goroutine, gosched, type Op } from "@weft/core"

/**
 * Returns a goroutine once it waits: for those who must wait in some order. Started together, the first may be put off at the end of a slice,
 * and so come after the others.
 */
export function* parked<A, E>(goroutine: Goroutine<A, E>): Generator<Op<void>, Goroutine<A, E>, unknown> {
  yield* untilWaiting(goroutine)
  return goroutine
}

/** Returns once all of them wait. In real time: virtual time stands still while another thread is waited for. */
export function* untilWaiting(
  ...goroutines: ReadonlyArray<Goroutine<unknown, unknown>>
): Generator<Op<void>, void, unknown> {
  while (!goroutines.every(({ status }) => status === "waiting")) {
    const ended = goroutines.find(({ status }) => status === "done")
    if (ended !== undefined) throw new Error(`goroutine ${ended.id} has ended, and was to wait`)
    yield* gosched()
  }
}
