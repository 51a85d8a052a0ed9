/** Its main thread knows nothing of Weft; a thread of its does, and has goroutines that nobody can wake. */
import { Worker } from "node:worker_threads"

const thread = new Worker(new URL("leaking-thread.ts", import.meta.url))
thread.on("message", (said) => console.log(said))
