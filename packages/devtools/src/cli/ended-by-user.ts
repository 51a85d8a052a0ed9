import * as Effect from "effect/Effect"

/** Ctrl-C is the way to end the command, and no failure: said by its exit code. */
export const endedByUser: Effect.Effect<void> = Effect.sync(() => {
  process.exitCode = 0
})
