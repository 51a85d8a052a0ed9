/** Prints what a pool with nothing to do uses of the processor, in percent. */
import { run, sleep } from "@weft/core"
import { spawn } from "@weft/workers"
import { square } from "../tasks/basic.ts"

await run(function* () {
  yield* spawn(square, 1)
  yield* sleep(100)
  const before = process.cpuUsage()
  yield* sleep(1000)
  const { system, user } = process.cpuUsage(before)
  console.log(((system + user) / 10_000).toFixed(1))
})
