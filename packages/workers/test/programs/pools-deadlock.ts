/**
 * Deadlocks in threads that the default pool has not started: one for calls that block, and one of a pool that a task has made. The task has left another
 * one behind, for which its thread waits as well.
 */
import { chan, type Channel } from "@weft/channels"
import { run, threadId } from "@weft/core"
import { blocking, Pool, spawn, task } from "@weft/workers"

const receives = task(import.meta.url, "receives", function* (words: Channel<number>) {
  return yield* words.receive()
})
const leaves = task(import.meta.url, "leaves", function* (words: Channel<number>) {
  spawn(receives, words)
})
const makesPool = task(import.meta.url, "makesPool", function* (words: Channel<number>) {
  yield* leaves(words)
  const pool = new Pool({ name: "made there", threads: 1 })
  return yield* pool.spawn(receives, words)
})

if (threadId() === 1)
  await run(
    function* () {
      if (process.argv[2] === "blocking") yield* blocking(receives, chan<number>())
      else yield* spawn(makesPool, chan<number>())
    },
    { deadlock: "fail" },
  )
