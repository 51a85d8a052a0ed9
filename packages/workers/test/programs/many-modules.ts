/** Runs tasks of many modules on one thread. */
import { run } from "@weft/core"
import { Pool } from "@weft/workers"
import type * as OneOfMany from "../support/one-of-many.ts"

const counts: Array<number> = []
const pool = new Pool({ threads: 1 })
for (let i = 0; i < 12; i++) {
  const { tellers } = (await import(`../support/one-of-many.ts?${i}`)) as typeof OneOfMany
  await run(function* () {
    counts.push(yield* pool.spawn(tellers))
  })
}
console.log(new Set(counts))
void pool.terminate()
