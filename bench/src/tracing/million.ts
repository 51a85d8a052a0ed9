/** Goroutines that wait, a million if not said otherwise, and nothing else. */
import { chan } from "@weft/channels"
import { go, hold, run } from "@weft/core"

const n = Number(process.argv[2] ?? 1_000_000)

await run(function* () {
  using _ = hold()
  const shared = chan<number>()
  function* waiting() {
    yield* shared.receive()
  }
  for (let i = 0; i < n; i++) go(waiting)
  setInterval(() => undefined, 1 << 30)
  setTimeout(() => console.log("ready"), 100)
  yield* chan<number>().receive()
})
