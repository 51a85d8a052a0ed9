/** `GET /quote?text=`: what a ribbon with this text would cost. */
import { chan } from "@weft/channels"
import { go } from "@weft/core"
import { spawn } from "@weft/workers"
import type { Mill } from "./mill.ts"
import { type Loom, looms, price, type Quote } from "./price.ts"

/** Asks two looms, and takes the answer that comes first. */
export function* quote({ switches }: Mill, text: string) {
  // Room for both: the second answer comes when nobody waits for it any more. Without that, its goroutine would stand at its send for ever.
  const answers = chan<Quote>(switches.leak.isOn ? 0 : looms.length)
  function* ask(loom: Loom) {
    yield* answers.send(yield* spawn(price, loom, text))
  }
  for (const loom of looms) go.named(`ask the ${loom} loom`, ask, loom)
  return yield* answers.take()
}
