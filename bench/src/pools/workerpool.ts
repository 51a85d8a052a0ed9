import workerpool from "workerpool"
import { fileURLToPath } from "node:url"
import { type TaskPool, threadFile, threads } from "./pool.ts"

export function startWorkerpool(count: number = threads): TaskPool {
  const file = fileURLToPath(threadFile("workerpool"))
  const pool = workerpool.pool(file, { minWorkers: count, maxWorkers: count, workerType: "thread" })
  return {
    // Its promises are its own.
    run: (name, argument) => Promise.resolve(pool.exec(name, [argument]) as PromiseLike<number>),
    passBack: (bytes) =>
      Promise.resolve(pool.exec("passBack", [bytes], { transfer: [bytes.buffer] }) as PromiseLike<Uint8Array>),
    end: () => Promise.resolve(pool.terminate(true)),
  }
}
