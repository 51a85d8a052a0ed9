import { parentPort } from "node:worker_threads"
import type { FeedOrder } from "../fed.ts"

let order: FeedOrder = { count: 0, ahead: 0 }
let sent = 0

parentPort!.on("message", (message: FeedOrder | "go on") => {
  if (message !== "go on") {
    order = message
    sent = 0
  }
  // Nothing holds it back: without a turn now and then all of them would be on their way at once.
  const { ahead, count } = order
  for (let i = 0; sent < count && i < Math.min(ahead, 1024); i++) parentPort!.postMessage(sent++ & 1023)
  if (ahead === Infinity && sent < count) setImmediate(() => parentPort!.emit("message", "go on"))
})
