/** A thread that never gives way to its event loop, beside a main thread that does. */
import { run, sleep } from "@weft/core"
import { Worker } from "node:worker_threads"

const { pathname } = new URL("./never-yields-thread.ts", import.meta.url)
for (const name of ["hot loop", undefined]) {
  const worker = new Worker(pathname, name === undefined ? {} : { name })
  await new Promise((resolve) => worker.once("message", resolve))
}
console.log(`ready ${process.pid}`)
await run(function* () {
  yield* sleep("1 hour")
})
