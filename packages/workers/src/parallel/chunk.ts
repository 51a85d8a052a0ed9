/**
 * What a piece of a parallel loop runs as: a task made of the loop's own task, with its name, its module, and whether it may run twice, so that reports,
 * errors and crashes are the user's. It is found by a key made of that task's: see load-task.ts.
 */
import type { Yieldable } from "@weft/core"
import { now } from "../host.ts"
import { type AnyTask, modulesOf, taskFor } from "../task.ts"

/** What a chunk comes to: a value an item, and how long it took. */
export interface ChunkResult {
  readonly values: ReadonlyArray<unknown>
  readonly millis: number
}

type Each = (...args: ReadonlyArray<unknown>) => Generator<Yieldable, unknown, never>
type Values = Generator<Yieldable, ReadonlyArray<unknown>, never>

const kinds = {
  /** Runs a task for many items, one after the other. */
  *map(each: Each, items: ArrayLike<unknown>): Values {
    const values: Array<unknown> = []
    for (let i = 0; i < items.length; i++) values.push(yield* each(items[i]))
    return values
  },

  /** The same without the values. */
  *forEach(each: Each, items: ArrayLike<unknown>): Values {
    for (let i = 0; i < items.length; i++) yield* each(items[i])
    return []
  },

  /** Folds the items into one value. */
  *reduce(step: Each, items: ArrayLike<unknown>, initial: unknown): Values {
    let value = initial
    for (let i = 0; i < items.length; i++) value = yield* step(value, items[i])
    return [value]
  },
}

export type ChunkKind = keyof typeof kinds

/** Its arguments are the items, and what comes after those. */
export function chunkOf(kind: ChunkKind, each: AnyTask): AnyTask {
  const key = `parallel.${kind} of ${each.key}`
  const chunk = taskFor(key, each.taskName, modulesOf(each), each.isIdempotent, body)
  return Object.defineProperty(chunk, "name", { value: each.taskName })

  function* body(items: ArrayLike<unknown>, initial?: unknown): Generator<Yieldable, ChunkResult, never> {
    const began = now()
    const values = yield* kinds[kind](each as unknown as Each, items, initial)
    return { values, millis: now() - began }
  }
}

/** Undefined: it is no chunk's. */
export function chunkKey(key: string): { readonly kind: ChunkKind; readonly each: string } | undefined {
  const [, kind, each] = /^parallel\.(map|forEach|reduce) of ([^]*)$/.exec(key) ?? []
  return each === undefined ? undefined : { kind: kind as ChunkKind, each }
}
