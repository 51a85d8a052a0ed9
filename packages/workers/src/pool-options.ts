import { checkOptions, InvalidOption, type KnownOptions, toMillis } from "@weft/core"
import type * as Duration from "effect/Duration"
import type { ResourceLimits, SuppliedWorker } from "./platform/platform.ts"

/**
 * @since 0.3.0
 */
export interface PoolOptions {
  /** The most threads; as many as run at the same time (`availableParallelism()`) if left out. They start when they are needed. */
  readonly threads?: number
  /** For reports and errors. */
  readonly name?: string
  /** What a thread may use, where the host can limit it. */
  readonly resourceLimits?: ResourceLimits
  /** How long a thread may have no task before it is ended, if no goroutine is left there, either. It stays if left out. */
  readonly idleTimeout?: Duration.Input
  /** The environment variables of its threads, but for those that are undefined; those of the process if left out. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** How many threads may crash within a time before the pool stops: 5 in 10 seconds if left out. */
  readonly restart?: { readonly times: number; readonly within: Duration.Input }
  /** The most tasks that may wait; with more `spawn` throws {@link TooBusy}, and `admit` waits. */
  readonly maxQueue?: number
  /**
   * Makes a thread, where the pool's own way won't do: a page whose Content-Security-Policy allows no workers from `blob:`, a bundler that keeps to
   * itself what a file of its output is called. The worker's script imports `@weft/workers/thread`, and then the modules of the tasks; nothing else is
   * imported there, so each task needs a name of its own. Limits and environment are the worker's own business.
   *
   * @example
   * // worker.ts: import "@weft/workers/thread"; import "./tasks.ts"
   * new Pool({ worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }) })
   */
  readonly worker?: () => SuppliedWorker
}

/** Checked and complete. */
export interface PoolSettings {
  readonly threads: number
  readonly name: string
  readonly resourceLimits: ResourceLimits | undefined
  readonly idleMillis: number
  readonly env: Readonly<Record<string, string | undefined>> | undefined
  readonly restarts: number
  readonly restartMillis: number
  readonly maxQueue: number
  readonly worker: (() => SuppliedWorker) | undefined
  /** One task at a time on each thread, and no queue there: for what blocks. */
  readonly isExclusive: boolean
}

const known: KnownOptions<PoolOptions> = {
  threads: undefined,
  name: undefined,
  resourceLimits: undefined,
  idleTimeout: undefined,
  env: undefined,
  restart: undefined,
  maxQueue: undefined,
  worker: undefined,
}

const knownLimits: KnownOptions<ResourceLimits> = {
  maxOldGenerationSizeMb: undefined,
  maxYoungGenerationSizeMb: undefined,
  codeRangeSizeMb: undefined,
  stackSizeMb: undefined,
}

const knownRestart: KnownOptions<NonNullable<PoolOptions["restart"]>> = { times: undefined, within: undefined }

const mostThreads = 1024

export function settingsOf(options: PoolOptions, cores: number): PoolSettings {
  if (typeof options !== "object" || (options as unknown) === null)
    throw new InvalidOption("Pool", "options", options, "an object")
  checkOptions("Pool", options, known)
  const {
    env,
    idleTimeout,
    maxQueue = Infinity,
    name = "pool",
    resourceLimits,
    restart,
    threads = cores,
    worker,
  } = options
  if (!Number.isInteger(threads) || threads < 1 || threads > mostThreads)
    throw new InvalidOption("Pool", "threads", threads, `a whole number from 1 to ${mostThreads}`)
  if (typeof maxQueue !== "number" || !(maxQueue >= 0))
    throw new InvalidOption("Pool", "maxQueue", maxQueue, "a number from 0 on")
  if (typeof name !== "string") throw new InvalidOption("Pool", "name", name, "a string")
  if (restart !== undefined) checkOptions("Pool restart", restart, knownRestart)
  if (restart !== undefined && !(restart.times >= 0))
    throw new InvalidOption("Pool", "restart.times", restart.times, "a number from 0 on")
  if (resourceLimits !== undefined) checkOptions("Pool resourceLimits", resourceLimits, knownLimits)
  if (worker !== undefined && typeof worker !== "function")
    throw new InvalidOption("Pool", "worker", worker, "a function that makes one: () => new Worker(...)")
  if (worker !== undefined && (env ?? resourceLimits) !== undefined) {
    const [option, given] = env === undefined ? ["resourceLimits", resourceLimits] : ["env", env]
    throw new InvalidOption("Pool", option, given, "given to the worker that you supply")
  }
  return {
    threads,
    name,
    resourceLimits,
    idleMillis: idleTimeout === undefined ? Infinity : toMillis(idleTimeout),
    env,
    restarts: restart?.times ?? 5,
    restartMillis: restart === undefined ? 10_000 : toMillis(restart.within),
    maxQueue,
    worker,
    isExclusive: false,
  }
}
