/** A whisper down a line of 100,000 goroutines, each of which adds one. */
import { chan } from "@weft/channels"
import { go, run } from "@weft/core"
import type { Stage } from "../stage.ts"

export async function main({ print }: Stage): Promise<void> {
  await run(function* () {
    const rightmost = chan<number>()
    let left = rightmost
    for (let i = 0; i < 100_000; i++) {
      const to = left
      const from = chan<number>()
      go(function* () {
        yield* to.send(1 + (yield* from.receive())!)
      })
      left = from
    }
    print("100,000 goroutines wait, each for its neighbour")

    const whisper = performance.now()
    yield* left.send(0)
    const heard = yield* rightmost.receive()
    print(`whispered 0, heard ${heard!.toLocaleString("en")}`)
    print(`${Math.round((performance.now() - whisper) * 10)} ns a goroutine`)
  })
}
