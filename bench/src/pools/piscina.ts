import { fileURLToPath } from "node:url"
import { FixedQueue, Piscina } from "piscina"
import { type TaskPool, threadFile, threads } from "./pool.ts"

/** With the queue and without the timings that its README says are faster resp. cost something. */
export function startPiscina(atomics: "sync" | "async", count: number = threads): TaskPool {
  const pool = new Piscina({
    filename: fileURLToPath(threadFile("piscina")),
    minThreads: count,
    maxThreads: count,
    atomics,
    taskQueue: new FixedQueue(),
    recordTiming: false,
  })
  return {
    run: (name, argument) => pool.run(argument, { name }) as Promise<number>,
    passBack: (bytes) =>
      pool.run(bytes, { name: "passBack", transferList: [bytes.buffer as ArrayBuffer] }) as Promise<Uint8Array>,
    end: () => pool.destroy(),
  }
}
