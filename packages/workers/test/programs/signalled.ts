/** Says so once a task loops for ever on a thread, and waits. */
import { run, sleep } from "@weft/core"
import { AtomicInt32 } from "@weft/sync"
import { spawn } from "@weft/workers"
import { spinUntil } from "../tasks/basic.ts"

const arrived = new AtomicInt32()
await run(function* () {
  spawn(spinUntil, arrived, 2)
  while (arrived.load() === 0) yield* sleep(1)
  console.log("spinning")
  yield* sleep("1 hour")
})
