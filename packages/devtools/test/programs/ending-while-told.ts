/** Is told of threads one by one by its inspector, and they end while it listens to the first. */
import { Worker } from "node:worker_threads"
import { once } from "node:events"
import { OwnInspector } from "../../src/agent/own-inspector.ts"

const words = new Int32Array(new SharedArrayBuffer(8))
const workers = Array.from(
  { length: 3 },
  () =>
    new Worker("Atomics.wait(require('node:worker_threads').workerData, 0, 0); process.exit()", {
      eval: true,
      workerData: words,
    }),
)
const exits = workers.map((worker) => once(worker, "exit"))
await Promise.all(workers.map((worker) => once(worker, "online")))
let told = 0
const inspector = new OwnInspector(({ method }) => {
  if (method !== "NodeWorker.attachedToWorker") return
  told++
  Atomics.store(words, 0, 1)
  Atomics.notify(words, 0)
  // They end in this time; nobody writes the other word.
  Atomics.wait(words, 1, 0, 1000)
})
inspector.post("NodeWorker.enable", { waitForDebuggerOnStart: false })
await Promise.all(exits)
inspector.close()
console.log(told)
