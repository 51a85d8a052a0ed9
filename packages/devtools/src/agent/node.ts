/**
 * Node's modules, for a script that is evaluated and can't import. Asked for at each use: a thread may be attached to before it is set up.
 */
type Host = typeof globalThis & {
  readonly process: NodeJS.Process & { getBuiltinModule<T>(name: string): T }
}

const builtin = <T>(name: string): T => (globalThis as Host).process.getBuiltinModule<T>(name)

export const node = {
  get net(): typeof import("node:net") {
    return builtin<typeof import("node:net")>("node:net")
  },
  get os(): typeof import("node:os") {
    return builtin<typeof import("node:os")>("node:os")
  },
  get threads(): typeof import("node:worker_threads") {
    return builtin<typeof import("node:worker_threads")>("node:worker_threads")
  },
  get inspector(): typeof import("node:inspector") {
    return builtin<typeof import("node:inspector")>("node:inspector")
  },
  get performance(): typeof import("node:perf_hooks") {
    return builtin<typeof import("node:perf_hooks")>("node:perf_hooks")
  },
  get timers(): typeof import("node:timers") {
    return builtin<typeof import("node:timers")>("node:timers")
  },
}
