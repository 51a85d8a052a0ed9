/** The second thread of `shared-mutex-pair`: locks as often as it is told. */
import { parentPort, workerData } from "node:worker_threads"
import { Lockers, type Order, type Shared } from "./shared-lockers.ts"

const lockers = new Lockers(workerData as Shared)
parentPort!.on("message", (order: Order) => {
  void lockers.lock(order).then(() => parentPort!.postMessage("done"))
})
parentPort!.postMessage("ready")
