import { joinAll, run } from "@weft/core"
import { spawn, task } from "@weft/workers"
const square = task(import.meta.url, "square", function* (n: number) {
  return n * n
})
await run(function* () {
  yield* spawn(square, 7)
  for (let round = 0; round < 8; round++) {
    const s = performance.now()
    const c = process.threadCpuUsage()
    let sum = 0
    for (const r of yield* joinAll(Array.from({ length: 100_000 }, (_, i) => spawn(square, i)))) sum += r
    const d = process.threadCpuUsage(c)
    console.log(
      "flood us/task",
      ((performance.now() - s) / 100).toFixed(2),
      "main cpu",
      ((d.user + d.system) / 1e5).toFixed(2),
    )
  }
})
