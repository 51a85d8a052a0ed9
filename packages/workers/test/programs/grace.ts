/** Interrupts a task whose `finally` block waits in Weft for what never comes, and has nothing else to do. */
import { chan } from "@weft/channels"
import { run } from "@weft/core"
import { spawnWith } from "@weft/workers"
import { unwindsNever } from "../tasks/dying.node.ts"

await run(
  function* () {
    const begun = chan<void>()
    const goroutine = spawnWith({ grace: 200 }, unwindsNever, begun)
    yield* begun.receive()
    if (process.argv[3] === "returns") return
    goroutine.interrupt()
    try {
      yield* goroutine
    } catch (error) {
      console.log((error as Error).name)
    }
  },
  { deadlock: process.argv[2] as "fail" | "certain" },
)
console.log("over")
