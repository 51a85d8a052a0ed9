/** A task waits for what a host callback of its own thread will send it. */
import { chan } from "@weft/channels"
import { run } from "@weft/core"
import { spawn, task } from "@weft/workers"
import { isMainThread } from "node:worker_threads"

const name = "weft-test-broadcast"

const listening = task(import.meta.url, "listening", function* () {
  const heard = chan<string>(1)
  const channel = new BroadcastChannel(name)
  channel.addEventListener("message", ({ data }) => void heard.trySend(String(data)))
  const text = yield* heard.receive()
  channel.close()
  return text
})

if (isMainThread)
  await run(
    function* () {
      const listener = spawn(listening)
      const channel = new BroadcastChannel(name)
      // Long enough for the pool to look whether all are asleep. It is no timer of Weft's, which would be a reason that they are not.
      const timer = setInterval(() => channel.postMessage("hello"), 500)
      console.log(yield* listener)
      clearInterval(timer)
      channel.close()
    },
    { deadlock: "fail" },
  )
