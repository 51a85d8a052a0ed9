/** Tasks that say what has come to them. */
import { inspect } from "node:util"
import type { Channel } from "@weft/channels"
import type { Context } from "@weft/core"
import { task } from "@weft/workers"

export interface Holder {
  readonly it: unknown
  readonly beside?: unknown
}

/** Its class, and what it shows of itself. */
export const shown = (value: unknown): string => `${(value as object).constructor.name} ${inspect(value)}`

export const shows = task(import.meta.url, "shows", function* ({ it }: Holder) {
  return shown(it)
})

export const showsReceived = task(import.meta.url, "showsReceived", function* (from: Channel<Holder>) {
  return shown((yield* from.receive())!.it)
})

export const showsOfContext = task(import.meta.url, "showsOfContext", function* (ctx: Context) {
  return shown(ctx.value("it"))
})

export const showsEnv = task(import.meta.url, "showsEnv", function* () {
  return { ...process.env }
})
