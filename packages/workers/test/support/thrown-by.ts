import type { Goroutine } from "@weft/core"

/** What joining throws, or else what it gives. */
export function* thrownBy(goroutine: Goroutine<unknown, unknown>) {
  try {
    return yield* goroutine.join()
  } catch (error) {
    return error
  }
}
