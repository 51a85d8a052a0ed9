/** Threads without any library: for what the machine itself can do. */
import { Worker } from "node:worker_threads"
import type { WorkName } from "../threads/work.ts"
import { threadFile, threads } from "./pool.ts"

/** What one of them is asked: a function, and its arguments, whose results it adds up. */
export interface BareOrder {
  readonly name: WorkName
  readonly all: ReadonlyArray<unknown>
}

export interface BareThreads {
  /** To one of them, all in one message. */
  order(thread: number, order: BareOrder): Promise<number>
  end(): Promise<unknown>
}

export function startBare(count: number = threads): BareThreads {
  const workers = Array.from({ length: count }, () => new Worker(threadFile("bare")))
  const answered = workers.map((worker) => {
    const waiting: { resolve: ((sum: number) => void) | undefined } = { resolve: undefined }
    worker.on("message", (sum: number) => waiting.resolve?.(sum))
    return waiting
  })
  return {
    order: (thread, order) =>
      new Promise((resolve) => {
        answered[thread]!.resolve = resolve
        workers[thread]!.postMessage(order)
      }),
    end: () => Promise.all(workers.map((worker) => worker.terminate())),
  }
}
