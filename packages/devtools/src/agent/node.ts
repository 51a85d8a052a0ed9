/**
 * Node's modules, for a script that is evaluated and can't import. Asked for at each use: a thread may be attached to before it is set up.
 */
import type * as Inspector from "node:inspector"
import type * as Net from "node:net"
import type * as Os from "node:os"
import type * as PerfHooks from "node:perf_hooks"
import type * as Timers from "node:timers"
import type * as Util from "node:util"
import type * as WorkerThreads from "node:worker_threads"

interface Modules {
  readonly inspector: typeof Inspector
  readonly net: typeof Net
  readonly os: typeof Os
  readonly perf_hooks: typeof PerfHooks
  readonly timers: typeof Timers
  readonly util: typeof Util
  readonly worker_threads: typeof WorkerThreads
}

/** What the host of this thread can do from within: Deno's inspector ends the process when it is used while it evaluates, and Bun has none. */
export const hasInspectorWithin = (): boolean => {
  const { bun, deno } = process.versions as { readonly bun?: string; readonly deno?: string }
  return bun === undefined && deno === undefined
}

function builtin<K extends keyof Modules>(name: K): Modules[K] {
  return (process as unknown as { getBuiltinModule(name: string): Modules[K] }).getBuiltinModule(`node:${name}`)
}

export const node = {
  get inspector(): typeof Inspector {
    return builtin("inspector")
  },
  get net(): typeof Net {
    return builtin("net")
  },
  get os(): typeof Os {
    return builtin("os")
  },
  get performance(): typeof PerfHooks {
    return builtin("perf_hooks")
  },
  get threads(): typeof WorkerThreads {
    return builtin("worker_threads")
  },
  get timers(): typeof Timers {
    return builtin("timers")
  },
  get util(): typeof Util {
    return builtin("util")
  },
}
