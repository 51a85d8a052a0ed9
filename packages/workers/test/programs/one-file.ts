/** Tasks and the program in one file: its threads import it, and run nothing of it but the tasks. */
import { run } from "@weft/core"
import { spawn, task } from "@weft/workers"

const square = task(import.meta.url, "square", function* (n: number) {
  return n * n
})

await run(function* () {
  console.log(yield* spawn(square, 7))
})
console.log("over")
