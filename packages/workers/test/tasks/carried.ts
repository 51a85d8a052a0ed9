import { type Context, goexit } from "@weft/core"
import { task } from "@weft/workers"

/** How it finds them at its first step. */
export const isOver = task(import.meta.url, "isOver", function* (ctx: Context, signal: AbortSignal) {
  return [String(ctx.cause), signal.aborted, String(signal.reason)]
})

const kept = { times: 0 }

/** Gives what its module keeps, and changes. */
export const keeping = task(import.meta.url, "keeping", function* () {
  kept.times++
  return kept
})

export const throwingKept = task(import.meta.url, "throwingKept", function* () {
  kept.times++
  throw Object.assign(new Error("kept"), { kept })
})

export const leaving = task(import.meta.url, "leaving", function* () {
  return yield* goexit()
})
