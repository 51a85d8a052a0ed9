import { type Goroutine, gosched, type Op } from "@weft/core"

/** Returns once all of them wait. In real time: virtual time stands still while another thread is waited for. */
export function* untilWaiting(
  ...goroutines: ReadonlyArray<Goroutine<unknown, unknown>>
): Generator<Op<void>, void, unknown> {
  while (!goroutines.every(({ status }) => status === "waiting")) yield* gosched()
}
