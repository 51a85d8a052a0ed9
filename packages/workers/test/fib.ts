import { run } from "@weft/core"
import { spawn, task, Pool } from "@weft/workers"
const nested = task(import.meta.url, "nested", function* (n: number): Generator<any, number, any> { if (n < 2) return n; const [a, b] = [spawn(nested, n - 1), spawn(nested, n - 2)]; return (yield* a) + (yield* b) })
await run(function* () {
  for (const n of [9,10,10,10,11,12,13]) console.log("fib", yield* spawn(nested, n))
})
