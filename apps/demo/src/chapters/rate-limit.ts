/** A ticker sets the pace; a buffered channel in front of it lets a burst through. */
import { chan, Ticker } from "@weft/channels"
import { go, Op, run } from "@weft/core"
import { WaitGroup } from "@weft/sync"
import type { Stage } from "../stage.ts"

export async function main({ print, site }: Stage): Promise<void> {
  await run(function* () {
    const tokens = chan<void>(3)
    while (tokens.trySend()) print("a token saved") // as many as the buffer has room for

    go(function* () {
      const ticker = new Ticker("100 millis")
      for (;;) {
        yield* ticker.receive()
        yield* tokens.send()
      }
    })

    const wg = new WaitGroup()
    for (const request of [1, 2, 3, 4, 5, 6, 7]) {
      yield* tokens.receive()
      print(request <= 3 ? `request ${request}, on a saved token` : `request ${request}, on a tick`)
      wg.go(function* () {
        yield* Op.fromPromise((signal) => fetch(`${site}/tags.json`, { signal }))
      })
    }
    yield* wg.wait()
    print("all answered")
  })
}
