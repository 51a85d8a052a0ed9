/** A task ends and leaves a goroutine that still sends, on a channel of its own thread. */
import { run } from "@weft/core"
import { spawn } from "@weft/workers"
import { leavesSender } from "../tasks/basic.ts"

await run(
  function* () {
    const words = yield* spawn(leavesSender, 300)
    console.log(yield* words.receive())
  },
  { deadlock: process.argv[2] as "fail" | "certain" },
)
