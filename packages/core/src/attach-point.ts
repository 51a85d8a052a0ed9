/**
 * AttachPoint: where a tracer that the program knows nothing of finds Weft.
 *
 * It stands on `globalThis` under a well-known symbol, in a set, as a process may have several copies of this package. What it gives is a contract with
 * `@weft/devtools`, whose version may differ: `protocol` changes when it does.
 */
import type { Processor } from "./processor.ts"
import { hookPoints, type TraceHooks } from "./trace-hooks.ts"

/**
 * One copy of `@weft/core` in one thread, as tracers see it: `globalThis[Symbol.for("@weft/core.attach")]` is a set of them.
 *
 * @since 0.3.0
 */
export interface AttachPoint {
  readonly protocol: 1
  /** Those that have a run which has not settled; `processor.runs` has the runs. */
  readonly processors: ReadonlySet<Processor>
  /** Listens on every processor, those to come included. Answers what ends it. Hooks that throw are their owner's concern. */
  trace(hooks: TraceHooks): () => void
}

/** Those that have a run. */
export const processors: Set<Processor> = new Set<Processor>()
const tracers: Array<TraceHooks> = []
/** Processors whose last run has settled while they were traced: they still tell. */
let unused: Array<WeakRef<Processor>> = []
const mostUnused = 1000

const point: AttachPoint = {
  protocol: 1,
  processors,
  trace(hooks) {
    tracers.push(hooks)
    for (const processor of processors) applyHooks(processor)
    return () => {
      const at = tracers.indexOf(hooks)
      if (at < 0) return
      tracers.splice(at, 1)
      for (const processor of processors) applyHooks(processor)
      for (const reference of unused) {
        const processor = reference.deref()
        if (processor !== undefined) applyHooks(processor)
      }
      if (tracers.length === 0) unused = []
    }
  },
}

const places = globalThis as { [key: symbol]: Set<AttachPoint> | undefined }
const place = Symbol.for("@weft/core.attach")
;(places[place] ??= new Set()).add(point)

/** Its first run begins. */
export function processorIsUsed(processor: Processor): void {
  processors.add(processor)
  applyHooks(processor)
}

/** Its last run has settled. */
export function processorIsUnused(processor: Processor): void {
  processors.delete(processor)
  if (tracers.length === 0) return
  // Its slice is still under way. Held weakly: most are never used again.
  if (unused.length >= mostUnused) unused = unused.filter((reference) => reference.deref() !== undefined)
  unused.push(new WeakRef(processor))
}

/** Has a processor tell its plugins and all tracers. */
export function applyHooks(processor: Processor): void {
  const all = processor.pluginHooks === null ? tracers : [processor.pluginHooks, ...tracers]
  const hooks = all.length === 0 ? null : all.length === 1 ? all[0]! : joined(all)
  processor.hooks = hooks
  processor.watchOps(hooks?.op !== undefined)
}

function joined(all: ReadonlyArray<TraceHooks>): TraceHooks {
  type Hook = (a: unknown, b: unknown, c: unknown) => void
  const hooks: { [point: string]: Hook } = {}
  for (const point of hookPoints) {
    const listeners = all.filter((listener) => listener[point] !== undefined)
    if (listeners.length === 0) continue
    hooks[point] = (a, b, c) => {
      for (const listener of listeners) (listener[point] as Hook)(a, b, c)
    }
  }
  return hooks
}
