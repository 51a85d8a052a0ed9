/** A ticker sets the pace; a buffered channel in front of it lets a burst through. */
import { chan, Ticker } from "@weft/channels"
import { go, Op, run } from "@weft/core"
import type { Stage } from "../stage.ts"

export async function main({ print, site }: Stage): Promise<void> {
  await run(function* () {
    const tokens = chan<void>(3)
    while (tokens.trySend()) print("saved a token") // a full buffer is the burst

    const ticker = new Ticker("100 millis")
    go(function* () {
      for (;;) {
        yield* ticker.receive()
        yield* tokens.send()
      }
    })

    for (let request = 1; request <= 7; request++) {
      yield* tokens.receive()
      print(`request ${request}${request <= 3 ? " at once" : ""}`)
      yield* Op.fromPromise((signal) => fetch(`${site}/tags.json`, { signal }))
    }
  })
}
