/** A thread: says "ready" when what it has started waits. */
import { parentPort } from "node:worker_threads"
import { chan } from "@weft/channels"
import { go, run, sleep } from "@weft/core"

await run(function* () {
  go.named("forgotten", function* () {
    yield* chan<number>().receive()
  })
  yield* sleep("10 millis")
  parentPort!.postMessage("ready")
  for (;;) yield* sleep("10 millis")
})
