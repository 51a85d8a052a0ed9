/** The second thread of `atomic-counter`: adds as often as it is told, round after round. */
import { parentPort, workerData } from "node:worker_threads"
import { AtomicInt64, type SharedHandle } from "@weft/sync"
import { addMany, Batches, Done, Round } from "./adding.ts"

const { control, ...shared } = workerData as {
  readonly control: Int32Array
  readonly counter: SharedHandle<"AtomicInt64">
}
const counter = AtomicInt64.from(shared.counter)
parentPort!.postMessage("ready")
for (let round = 0; ;) {
  Atomics.wait(control, Round, round)
  round = Atomics.load(control, Round)
  addMany(counter, Atomics.load(control, Batches))
  Atomics.store(control, Done, round)
  Atomics.notify(control, Done)
}
