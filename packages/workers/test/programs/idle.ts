/** Prints what a pool with nothing to do uses of the processor, in percent: in the first second below the bound given, or else in the tenth. */
import { run, sleep } from "@weft/core"
import { spawn } from "@weft/workers"
import { square } from "../tasks/basic.ts"

const bound = Number(process.argv[2])

await run(function* () {
  yield* spawn(square, 1)
  yield* sleep(100)
  let percent = Infinity
  for (let seconds = 0; seconds < 10 && percent >= bound; seconds++) {
    const before = process.cpuUsage()
    yield* sleep(1000)
    const { system, user } = process.cpuUsage(before)
    percent = (system + user) / 10_000
  }
  console.log(percent)
})
