/** Is told of threads one by one by its inspector, and each has ended by the time that it has listened. */
import { Worker } from "node:worker_threads"
import { once } from "node:events"
import { OwnInspector } from "../../src/agent/own-inspector.ts"

const ending = new Int32Array(new SharedArrayBuffer(4))
const workers = Array.from(
  { length: 3 },
  () => new Worker("setTimeout(() => process.exit(), 300)", { eval: true, workerData: ending }),
)
await Promise.all(workers.map((worker) => once(worker, "online")))
let told = 0
const inspector = new OwnInspector(({ method }) => {
  if (method !== "NodeWorker.attachedToWorker") return
  told++
  Atomics.wait(ending, 0, 0, 1000)
})
inspector.post("NodeWorker.enable", { waitForDebuggerOnStart: false })
await Promise.all(workers.map((worker) => once(worker, "exit")))
inspector.close()
console.log(told)
