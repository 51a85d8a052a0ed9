/** A whisper down a line of 100,000 goroutines, each of which adds one. */
import { chan, type Receiver, type Sender } from "@weft/channels"
import { go, gosched, run } from "@weft/core"
import type { Stage } from "../stage.ts"

export async function main({ print }: Stage): Promise<void> {
  function* pass(left: Sender<number>, right: Receiver<number>) {
    yield* left.send(1 + (yield* right.receive())!)
  }

  await run(function* () {
    const leftmost = chan<number>()
    let left = leftmost
    for (let i = 0; i < 100_000; i++) {
      const right = chan<number>()
      go(pass, left, right)
      left = right
    }
    yield* gosched() // all of them run up to their receive
    print("100,000 goroutines stand in line, each waits for its neighbour")

    const start = performance.now()
    yield* left.send(0)
    const heard = yield* leftmost.receive()
    const millis = performance.now() - start
    print(
      `whispered 0, heard ${heard!.toLocaleString("en")}, in ${millis.toFixed(0)} ms: ${(millis * 10).toFixed(0)} ns each`,
    )
  })
}
