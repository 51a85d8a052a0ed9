/** A task waits long enough to seem asleep for one that it has spawned, and that still comes to its end. */
import { run, sleep, threadId } from "@weft/core"
import { Pool, spawn, task } from "@weft/workers"

const inner = task(import.meta.url, "inner", function* (n: number) {
  for (let i = 0; i < n; i++) yield* sleep(60)
  return n
})
const outer = task(import.meta.url, "outer", function* () {
  let sum = 0
  for (let n = 1; n <= 3; n++) sum += yield* spawn(inner, n)
  return sum
})

if (threadId() === 1) {
  await using pool = new Pool({ threads: Number(process.argv[3]) })
  await run(
    function* () {
      console.log(yield* pool.spawn(outer))
    },
    { deadlock: process.argv[2] as "fail" | "certain" },
  )
}
