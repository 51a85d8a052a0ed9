/** Publishes its metrics, and subscribes to them. */
import { subscribe } from "node:diagnostics_channel"
import { chan } from "@weft/channels"
import { go, run, sleep } from "@weft/core"
import { metricsChannel, type ProcessStats, publishMetrics } from "@weft/devtools"

const stop = await publishMetrics({ every: "20 millis" })
console.log("ready")
await run(function* () {
  const silent = chan<number>()
  for (let i = 0; i < 7; i++)
    go(function* listener() {
      yield* silent.receive()
    })
  yield* sleep("50 millis")
  const seen: Array<ProcessStats> = []
  subscribe(metricsChannel, (stats) => void seen.push(stats as ProcessStats))
  while (seen.length === 0) yield* sleep("10 millis")
  console.log(JSON.stringify(seen[0]))
})
await stop()
