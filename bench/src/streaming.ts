/** The other thread of the questions about a channel between two: it sends what it is told to. */
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { codec, sharedChan, type SharedChannel } from "@weft/channels"

/** How many values are on their way at most. */
export const capacity = 1024
/** How many a batch of `shared-batch` has. */
export const batchSize = 64

export type Order = { readonly how: "one by one" | "in batches" | "by port"; readonly count: number }

export interface Streamer {
  readonly channel: SharedChannel<number>
  readonly worker: Worker
  order(order: Order): void
}

/** Started once for all samples. */
let streamer: Promise<Streamer> | undefined

export function startStreamer(): Promise<Streamer> {
  return (streamer ??= start())
}

async function start(): Promise<Streamer> {
  const channel = sharedChan(codec.f64, capacity)
  const worker = new Worker(new URL("./streamer.ts", import.meta.url), {
    workerData: channel.share(),
    execArgv: ["--conditions=@weft/source", "--disable-warning=ExperimentalWarning"],
  })
  await once(worker, "message")
  worker.unref()
  return { channel, worker, order: (order) => worker.postMessage(order) }
}
