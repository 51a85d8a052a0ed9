/** A beat to work by. Reset changes the pace, stop ends it, and neither leaves an old tick behind. */
import { Ticker } from "@weft/channels"
import { run, sleep } from "@weft/core"
import type { Stage } from "../stage.ts"

export async function main({ print }: Stage): Promise<void> {
  await run(function* () {
    const ticker = new Ticker("100 millis")
    for (let beat = 1; beat <= 6; beat++) {
      yield* ticker.receive()
      print(`tick ${beat}`)
      if (beat === 3) {
        ticker.reset("50 millis")
        print("reset to 50 ms")
      }
    }

    yield* sleep("120 millis") // two ticks pass with nobody there
    yield* ticker.receive()
    print("one tick was kept for the late receiver,")
    yield* ticker.receive()
    print("the next comes on the beat: nothing piles up")
    ticker.stop()
  })
}
