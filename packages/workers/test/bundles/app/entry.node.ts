/** All in one module, which waits for something before it runs the program. */
import { run } from "@weft/core"
import { spawn, task } from "@weft/workers"

const cube = task(import.meta.url, "cube", function* (n: number) {
  return n ** 3
})

await new Promise((resolve) => setTimeout(resolve, 10))
console.log(
  await run(function* () {
    return yield* spawn(cube, 3)
  }),
)

// A thread never comes here, as it waits for the run above.
const late = task(import.meta.url, "late", function* () {
  return "late"
})
console.log(
  await run(function* () {
    try {
      return yield* spawn(late)
    } catch (error) {
      return (error as Error).message
    }
  }),
)
