import type { Executor } from "./call.ts"
import { Dispatcher } from "./dispatcher.ts"
import { platform } from "./platform/platform.ts"
import { type PoolOptions, type PoolSettings, settingsOf } from "./pool-options.ts"
import { nestedExecutor } from "./thread-main.ts"
import { reportThreadsOf } from "./threads-report.ts"
import { DefaultPoolInUse, ThreadsUnavailable } from "./worker-crashed.ts"

let shared: Dispatcher | undefined
let options: PoolOptions = {}

/**
 * Says how the default pool is to be, where `spawn`, `parallel` and `blocking` run their tasks: before the first of them. The last call counts. In a pool's
 * thread it does nothing, as tasks spawned there go to the program's pool.
 *
 * Errors: {@link DefaultPoolInUse} once its threads may have been started; {@link InvalidOption}.
 *
 * @example
 * configureDefaultPool({ worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }) })
 *
 * @see Go: runtime.GOMAXPROCS
 * @since 0.3.0
 */
export function configureDefaultPool(given: PoolOptions): void {
  if (shared !== undefined && nestedExecutor() === undefined) throw new DefaultPoolInUse()
  settingsOf(given, 1)
  options = given
}

/** Whoever has threads beside the default pool makes them as that does. */
export const defaultWorker = (): Pick<PoolOptions, "worker"> =>
  options.worker === undefined ? {} : { worker: options.worker }

/** Where `spawn` goes: in a pool's thread to that pool, elsewhere to the default one. */
export const spawnExecutor = (): Executor => nestedExecutor() ?? defaultExecutor()

/** This thread's own default pool. */
export const defaultExecutor = (): Dispatcher => (shared ??= newDispatcher({ name: "default", ...options }))

/** `fixed`: what nobody is asked. */
export function newDispatcher(options: PoolOptions, fixed: Partial<PoolSettings> = {}): Dispatcher {
  if (platform === undefined) throw new ThreadsUnavailable()
  const dispatcher = new Dispatcher({ ...settingsOf(options, platform.cores()), ...fixed }, platform)
  reportThreadsOf(dispatcher)
  return dispatcher
}
