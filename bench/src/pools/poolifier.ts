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
    end: () => pool.destroy(),
  }
}
