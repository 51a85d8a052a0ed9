import { toMillis } from "@weft/core"
import type * as Duration from "effect/Duration"
import type { ResourceLimits, SuppliedWorker } from "./platform/platform.ts"
import { InvalidOption } from "./spawn-options.ts"

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
  /** How long a thread may have nothing to do before it is ended. It stays if left out. */
  readonly idleTimeout?: Duration.Input
  /** The environment variables of its threads; those of the process if left out. */
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

const known: ReadonlySet<string> = new Set([
  "threads",
  "name",
  "resourceLimits",
  "idleTimeout",
  "env",
  "restart",
  "maxQueue",
  "worker",
])

export function settingsOf(options: PoolOptions, cores: number): PoolSettings {
  const given = options as PoolOptions | null
  if (typeof given !== "object" || given === null) throw new InvalidOption("options", options, "pass an object")
  for (const key of Object.keys(given))
    if (!known.has(key)) throw new InvalidOption(key, "", `known are ${[...known].join(", ")}`)
  const {
    env,
    idleTimeout,
    maxQueue = Infinity,
    name = "pool",
    resourceLimits,
    restart,
    threads = cores,
    worker,
  } = given
  if (!Number.isInteger(threads) || threads < 1 || threads > 1024)
    throw new InvalidOption("threads", threads, "pass a whole number from 1 to 1024")
  if (!(maxQueue >= 0)) throw new InvalidOption("maxQueue", maxQueue, "pass a number from 0 on")
  if (restart !== undefined && !(restart.times >= 0))
    throw new InvalidOption("restart.times", restart.times, "pass a number from 0 on")
  if (worker !== undefined && typeof worker !== "function")
    throw new InvalidOption("worker", typeof worker, "pass a function that makes one: () => new Worker(...)")
  if (worker !== undefined && (env !== undefined || resourceLimits !== undefined))
    throw new InvalidOption(env === undefined ? "resourceLimits" : "env", "", "give it to the worker that you supply")
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
