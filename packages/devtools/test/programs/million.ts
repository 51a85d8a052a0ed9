/** A million goroutines that wait, for a channel each or one for all. */
import { chan } from "@weft/channels"
import { go, run, sleep } from "@weft/core"

const n = Number(process.argv[2] ?? 1_000_000)

await run(function* () {
  const shared = chan<number>()
  function* waiting() {
    yield* shared.receive()
  }
  for (let i = 0; i < n; i++) go(waiting)
  yield* sleep("100 millis")
  console.log(`ready ${process.pid}`)
  for (;;) yield* sleep("10 millis")
})
