import { Worker } from "node:worker_threads"
import { transfer, wrap } from "comlink"
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs"
import type { Functions } from "./threads/comlink.ts"
import { type TaskPool, threadFile, threads } from "./pool.ts"

/** It has no pool: the calls take turns among threads of our own. */
export function startComlink(count: number = threads): TaskPool {
  const workers = Array.from({ length: count }, () => new Worker(threadFile("comlink")))
  const remotes = workers.map((worker) => wrap<Functions>(nodeEndpoint(worker)))
  let turn = 0
  const next = () => remotes[turn++ % count]!
  return {
    run: (name, argument) => next()[name](argument as never),
    passBack: (bytes) => next().passBack(transfer(bytes, [bytes.buffer])),
    end: () => Promise.all(workers.map((worker) => worker.terminate())),
  }
}
