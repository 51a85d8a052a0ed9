import { run } from "@weft/core"
import { spawn } from "@weft/workers"
import { slow } from "./slow-tasks.ts"

await run(
  function* () {
    console.log(yield* spawn(slow))
  },
  { deadlock: "fail" },
)
