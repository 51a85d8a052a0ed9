/** The other thread of `shared-ping-pong`, bare. */
import { parentPort, workerData } from "node:worker_threads"

const words = workerData as Int32Array
parentPort!.postMessage("ready")
for (let seen = 0; ;) {
  Atomics.wait(words, 0, seen)
  const now = Atomics.load(words, 0)
  if (now === seen) continue
  seen = now
  Atomics.store(words, 1, now)
  Atomics.notify(words, 1)
}
