import { context, type Context, goexit, gosched } from "@weft/core"
import { spawn, task } from "@weft/workers"
import { spinMillis } from "./basic.ts"

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

export const isContextOver = task(import.meta.url, "isContextOver", function* (ctx: Context) {
  return ctx.err !== undefined
})

/** Spawns with a context that ends while those tasks wait in the pool. */
export const spawnsWithEnding = task(import.meta.url, "spawnsWithEnding", function* () {
  const [ctx, cancel] = context.withCancel(context.background)
  // More than a thread is given at once, so that those behind them wait in the pool.
  const busy = Array.from({ length: 8 }, () => spawn(spinMillis, 10))
  const all = Array.from({ length: 6 }, () => spawn(isContextOver, ctx))
  yield* gosched()
  cancel("enough")
  const found: Array<boolean> = []
  for (const each of all) found.push(yield* each)
  for (const each of busy) yield* each
  return found
})

export const throwsOddName = task(import.meta.url, "throwsOddName", function* () {
  throw Object.assign(new Error("odd"), { name: Symbol("name") })
})
