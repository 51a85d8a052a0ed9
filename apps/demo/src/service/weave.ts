/** Weaves a ribbon: the longest work of the service, on other threads. */
import { trace } from "@weft/core"
import { task } from "@weft/workers"

export interface Ribbon {
  readonly rows: ReadonlyArray<string>
  readonly metresOfYarn: number
}

export const weave = task(import.meta.url, "weave", function* (text: string): Generator<never, Ribbon> {
  using _ = trace.region("weave")
  let [up, seed] = [0, 1]
  for (let pass = 0; pass < 600_000; pass++) {
    seed = (seed * 1103515245 + text.charCodeAt(pass % text.length)) & 0x7fffffff
    up += seed & 1
  }
  const edge = "~".repeat(text.length)
  return { rows: [edge, text, edge], metresOfYarn: Math.ceil(up / 10_000) + text.length }
})
