import { run } from "@weft/core"
import { spawn, task } from "@weft/workers"
const square = task(import.meta.url, "square", function* (n: number) {
  return n * n
})
await run(function* () {
  yield* spawn(square, 7)
  for (let round = 0; round < 8; round++) {
    const each: number[] = []
    for (let i = 0; i < 2000; i++) {
      const s = performance.now()
      yield* spawn(square, i)
      each.push(performance.now() - s)
    }
    each.sort((a, b) => a - b)
    console.log(
      "us: p10",
      (each[200]! * 1000).toFixed(1),
      "median",
      (each[1000]! * 1000).toFixed(1),
      "p90",
      (each[1800]! * 1000).toFixed(1),
    )
  }
})
