import { currentProcessor, type Goroutine, numGoroutine, type WaitList } from "@weft/core"
import { expect } from "vitest"

/** How many wait for the goroutine's end. */
export const joinersOf = (goroutine: Goroutine): number =>
  (goroutine as unknown as { readonly joiners: WaitList | null }).joiners?.length ?? 0

/** At the end of a program's main: no waiter, timer, goroutine or wait for something outside is left behind. */
export function expectNothingLeft(...lists: ReadonlyArray<{ readonly waiters: WaitList }>): void {
  const { outside, timers } = currentProcessor()
  expect({
    waiters: lists.map(({ waiters }) => waiters.length),
    timers: timers.size,
    outside,
    goroutines: numGoroutine(),
  }).toEqual({ waiters: lists.map(() => 0), timers: 0, outside: 0, goroutines: 1 })
}
