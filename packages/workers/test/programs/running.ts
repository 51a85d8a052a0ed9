/** Ends in the way it is told while a task runs that would never end. */
import { chan } from "@weft/channels"
import { run, sleep } from "@weft/core"
import { spawn } from "@weft/workers"
import { spin, waiting } from "../tasks/basic.ts"

const how = process.argv[2]
await run(function* () {
  const begun = chan<string>(2)
  spawn(waiting, begun)
  yield* begun.receive()
  if (how !== "returns") spawn(spin)
  console.log("begun")
  if (how === "exit") process.exit(4)
  if (how === "throws")
    setTimeout(() => {
      throw new Error("uncaught in main")
    })
  // Then main returns: what it left is interrupted, as goroutines are.
  if (how !== "returns") yield* sleep(60_000)
})
console.log("over")
