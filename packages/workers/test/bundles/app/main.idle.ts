/** A page that waits: for threads, of which one has run a task and one waits for the page. */
import { chan } from "@weft/channels"
import { run, sleep } from "@weft/core"
import { Pool } from "@weft/workers"
import { shout, square } from "./tasks.ts"

declare const document: { title: string }

await run(function* () {
  const pool = new Pool({ threads: 2 })
  const words = chan<string>()
  const loud = chan<string>()
  pool.spawn(shout, words, loud)
  yield* words.send("weft")
  yield* loud.receive()
  yield* pool.spawn(square, 2)
  document.title = "waiting"
  yield* sleep("1 hour")
})
