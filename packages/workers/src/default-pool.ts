import { install, type Plugin } from "@weft/core"
import type { Executor } from "./call.ts"
import { Dispatcher } from "./dispatcher.ts"
import { platform } from "./platform/platform.ts"
import { type PoolOptions, settingsOf } from "./pool-options.ts"
import { nestedExecutor } from "./thread-main.ts"
import { ThreadsUnavailable } from "./worker-crashed.ts"

let shared: Dispatcher | undefined

/** Where `spawn` goes: in a pool's thread to that pool, elsewhere to the default one. */
export const spawnExecutor = (): Executor => nestedExecutor() ?? defaultExecutor()

/** This thread's own. */
const defaultExecutor = (): Dispatcher => (shared ??= newDispatcher({ name: "default" }))

export function newDispatcher(options: PoolOptions): Dispatcher {
  if (platform === undefined) throw new ThreadsUnavailable()
  const dispatcher = new Dispatcher(settingsOf(options, platform.cores()), platform)
  if (reporting.size === 0) install(threadsReport)
  reporting.add(new WeakRef(dispatcher))
  return dispatcher
}

const reporting = new Set<WeakRef<Dispatcher>>()

/** A deadlock's report tells of the threads' goroutines, too. */
const threadsReport: Plugin = {
  name: "@weft/workers: threads",
  setup(runtime) {
    runtime.onDeadlock({
      fact() {
        const reports = [...reporting].flatMap((ref) => ref.deref()?.asleepReports ?? [])
        return reports.length === 0 ? undefined : reports.join("\n\n")
      },
    })
  },
}
