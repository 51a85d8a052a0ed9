import { fileURLToPath } from "node:url"
import { FixedThreadPool, WorkerChoiceStrategies } from "poolifier"
import { type TaskPool, threadFile, threads } from "./pool.ts"

/** Its guidelines for light tasks: round robin, no queues, and nothing measured. It can't transfer results. */
export function startPoolifier(count: number = threads): TaskPool {
  const pool = new FixedThreadPool<unknown, number>(count, fileURLToPath(threadFile("poolifier")), {
    workerChoiceStrategy: WorkerChoiceStrategies.ROUND_ROBIN,
    enableEvents: false,
  })
  return {
    run: (name, argument) => pool.execute(argument, name),
    passBack: undefined,
    end: () => {
      const workers = pool.workerNodes.map(({ worker }) => worker)
      // It waits for an answer of each thread, which closes its port behind that and may lose it: not waited for.
      pool.destroy().catch(() => undefined)
      return Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
