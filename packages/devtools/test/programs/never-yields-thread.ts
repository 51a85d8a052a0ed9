import { parentPort } from "node:worker_threads"

parentPort!.postMessage("up")
// As a loop without end does, and leaves the machine to others.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
