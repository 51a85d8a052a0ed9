import { run, threadId } from "@weft/core"
import { spawn, task } from "@weft/workers"

const missing = threadId() === 1 ? task(import.meta.url, "missing", function* () {}) : undefined

await run(function* () {
  try {
    yield* spawn(missing!)
  } catch (error) {
    console.log((error as Error).name)
  }
})
