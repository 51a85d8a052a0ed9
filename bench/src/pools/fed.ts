/** A thread that sends numbers, by messages and as comlink's. */
import { Worker } from "node:worker_threads"
import { wrap } from "comlink"
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs"
import { threadFile } from "./pool.ts"

export interface Fed {
  next(i: number): Promise<number>
  messages(count: number, ahead: number): Promise<number>
}

export interface FeedOrder {
  readonly count: number
  readonly ahead: number
}

let started: Promise<Fed> | undefined

/** Started once for all samples. */
export function fed(): Promise<Fed> {
  return (started ??= Promise.resolve(start()))
}

function start(): Fed {
  const asked = new Worker(threadFile("next"))
  const sending = new Worker(threadFile("sending"))
  asked.unref()
  sending.unref()
  const { next } = wrap<{ next(i: number): number }>(nodeEndpoint(asked))
  return {
    next: (i) => next(i),
    messages: (count, ahead) =>
      new Promise((resolve) => {
        let sum = 0
        let came = 0
        const add = (value: number) => {
          sum += value
          if (++came % ahead === 0) sending.postMessage("go on")
          if (came < count) return
          sending.off("message", add)
          resolve(sum)
        }
        sending.on("message", add)
        const order: FeedOrder = { count, ahead }
        sending.postMessage(order)
      }),
  }
}
