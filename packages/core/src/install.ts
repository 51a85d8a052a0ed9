import { applyHooks } from "./attach-point.ts"
import { type Plugin, Plugins } from "./plugin.ts"
import { Panic } from "./panic.ts"
import { defaultProcessor } from "./processor.ts"

/** Those of the whole process. */
export const installed: Plugins = new Plugins()

/**
 * Plugs a plugin into the whole process (this thread of it): into every run that has no processor of its own.
 *
 * A scheduler or a clock can only be brought while no goroutine lives.
 *
 * @returns what unplugs it again
 * @since 0.1.0
 */
export function install(plugin: Plugin): () => void {
  const processor = defaultProcessor
  const { clock, scheduler } = installed
  installed.add(plugin)
  // Of what it brings itself: who only listens may come to a process that has a scheduler, at any time.
  const isExclusive = installed.scheduler !== scheduler || installed.clock !== clock
  if (isExclusive && [...processor.runs].some((run) => run.live > 0)) {
    installed.remove(plugin)
    throw new Panic(
      `weft: plugin "${plugin.name}" brings a scheduler or a clock; install it before the first goroutine starts`,
      {},
    )
  }
  apply()
  return () => {
    installed.remove(plugin)
    apply()
  }
}

const { clock, scheduler } = defaultProcessor

function apply(): void {
  defaultProcessor.pluginHooks = installed.hooks
  applyHooks(defaultProcessor)
  defaultProcessor.scheduler = installed.scheduler ?? scheduler
  defaultProcessor.clock = installed.clock ?? clock
}
