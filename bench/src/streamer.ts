/** The thread that `streaming.ts` starts. */
import { setImmediate } from "node:timers/promises"
import { parentPort, workerData } from "node:worker_threads"
import { codec, sharedChan, type SharedChannelHandle } from "@weft/channels"
import { run } from "@weft/core"
import { batchSize, type Order } from "./streaming.ts"

const channel = sharedChan.from(codec.f64, workerData as SharedChannelHandle<number>)

function* oneByOne(count: number) {
  for (let i = 0; i < count; i++) yield* channel.send(i & 1023)
}

function* inBatches(count: number) {
  for (let sent = 0; sent < count; sent += batchSize) {
    // Not Array.from with a function, which costs more than all the rest.
    const values = new Array<number>(Math.min(batchSize, count - sent))
    for (let i = 0; i < values.length; i++) values[i] = (sent + i) & 1023
    yield* channel.sendAll(values)
  }
}

async function byPort(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    parentPort!.postMessage(i & 1023)
    // Nothing holds it back: without a turn now and then all of them would be on their way at once.
    if (i % 1024 === 1023) await setImmediate()
  }
}

parentPort!.on("message", ({ count, how }: Order) => {
  if (how === "by port") void byPort(count)
  else void run(() => (how === "one by one" ? oneByOne(count) : inBatches(count)))
})
parentPort!.postMessage("ready")
