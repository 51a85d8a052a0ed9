/** Starts three threads as soon as it is ready, and says when a goroutine waits on each. */
import { chan, type Sender } from "@weft/channels"
import { never, run } from "@weft/core"
import { Pool, task } from "@weft/workers"

export const staying = task(import.meta.url, "staying", function* (up: Sender<void>) {
  yield* up.send()
  yield* never
})

await run(function* () {
  const pool = new Pool({ threads: 3 })
  const up = chan<void>()
  const sender: Sender<void> = up
  console.log("ready")
  for (let i = 0; i < 3; i++) pool.spawn(staying, sender)
  for (let i = 0; i < 3; i++) yield* up.next()
  // Otherwise the host would have nothing left to do, and this would be a deadlock.
  process.stdin.resume()
  console.log("all up")
  yield* never
})
