/** All in one module, which waits for something before it runs its program. */
import { Op, run } from "@weft/core"
import { spawn, task } from "@weft/workers"

const cube = task(import.meta.url, "cube", function* (n: number) {
  return yield* Op.fromPromise(() => cubeOfLibrary(n))
})

/** A library's function that runs a program of its own: on a thread, too. */
async function cubeOfLibrary(n: number): Promise<number> {
  await Promise.resolve()
  return run(function* () {
    return n ** 3
  })
}

await new Promise((resolve) => setTimeout(resolve, 10))
const cubed = await run(function* () {
  return yield* spawn(cube, 3)
})

// A thread does not come so far, as it stands at the run above for ever.
const late = task(import.meta.url, "late", function* () {
  return "late"
})
const why = await run(function* () {
  try {
    return yield* spawn(late)
  } catch (error) {
    return (error as Error).message
  }
})
console.log(JSON.stringify({ cubed, why }))
