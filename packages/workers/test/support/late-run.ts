/** A program in one file that waits for something else before its run. */
import { run, sleep, threadId } from "@weft/core"
import { spawn, task } from "@weft/workers"

const where = task(import.meta.url, "where", function* () {
  yield* sleep("100 millis")
  return threadId()
})

await new Promise((resolve) => setTimeout(resolve, 20))
await run(function* () {
  const thread = yield* spawn(where)
  console.log(threadId() === 1 && thread > 1 ? "started here only" : "started elsewhere")
})
