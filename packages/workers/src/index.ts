export { ChannelLost } from "./channels/channel-lost.ts"
export { blocking } from "./blocking.ts"
export { configureDefaultPool } from "./default-pool.ts"
export { NotCloneable } from "./not-cloneable.ts"
export type { ParallelOptions } from "./parallel/chunks.ts"
export { parallel } from "./parallel/parallel.ts"
export type { Items } from "./parallel/source.ts"
export type { ResourceLimits, SuppliedWorker } from "./platform/platform.ts"
export { Pool } from "./pool.ts"
export type { PoolOptions } from "./pool-options.ts"
export type { PoolStats } from "./dispatcher.ts"
export { spawn, spawnWith } from "./spawn.ts"
export { InvalidOption, type SpawnOptions } from "./spawn-options.ts"
export { InvalidTask, type Task, task, type TaskOptions } from "./task.ts"
export { transfer } from "./transfer.ts"
export {
  DefaultPoolInUse,
  PoolStopped,
  TaskNotFound,
  ThreadsUnavailable,
  TooBusy,
  WorkerCrashed,
} from "./worker-crashed.ts"
