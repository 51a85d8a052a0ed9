/** A task waits for one that it has spawned, which waits for nobody. */
import { chan, type Receiver } from "@weft/channels"
import { run, threadId } from "@weft/core"
import { Pool, spawn, task } from "@weft/workers"

const inner = task(import.meta.url, "inner", function* (words: Receiver<number>) {
  return yield* words.receive()
})
const middle = task(import.meta.url, "middle", function* (words: Receiver<number>) {
  return yield* spawn(inner, words)
})
const outer = task(import.meta.url, "outer", function* (words: Receiver<number> | undefined) {
  return yield* spawn(middle, words ?? chan<number>())
})

const [, , how, threads, where] = process.argv
if (threadId() === 1) {
  const pool = new Pool({ threads: Number(threads) })
  await run(
    function* () {
      yield* pool.spawn(outer, where === "there" ? undefined : chan<number>())
    },
    { deadlock: how as "fail" | "certain" },
  )
}
