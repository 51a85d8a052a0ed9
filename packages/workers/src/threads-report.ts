import { install, type Plugin } from "@weft/core"

/** A pool that has threads here. */
interface HasThreads {
  readonly asleepReports: ReadonlyArray<string>
}

const pools = new Set<WeakRef<HasThreads>>()
let isInstalled = false

/** Has a deadlock's report tell of what the goroutines of its threads wait for. */
export function reportThreadsOf(pool: HasThreads): void {
  if (!isInstalled) install(plugin)
  isInstalled = true
  for (const ref of pools) if (ref.deref() === undefined) pools.delete(ref)
  pools.add(new WeakRef(pool))
}

/** Of the pools of this thread: a part for each thread that is asleep with something to do. */
export const threadReports = (): ReadonlyArray<string> => [...pools].flatMap((ref) => ref.deref()?.asleepReports ?? [])

const plugin: Plugin = {
  name: "@weft/workers: threads",
  setup(runtime) {
    runtime.onDeadlock({
      fact() {
        const reports = threadReports()
        return reports.length === 0 ? undefined : reports.join("\n\n")
      },
    })
  },
}
