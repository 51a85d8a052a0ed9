import type { Yieldable } from "@weft/core"
import { now } from "../host.ts"
import { type AnyTask, type Task, task } from "../task.ts"

/** What a chunk comes to: a value an item, and how long it took. */
export interface ChunkResult {
  readonly values: ReadonlyArray<unknown>
  readonly millis: number
}

type ChunkTask = Task<ChunkResult, Yieldable, [AnyTask, ArrayLike<unknown>]>
type Each = (...args: ReadonlyArray<unknown>) => Generator<Yieldable, unknown, never>

/** Runs a task for many items, one after the other. */
export const mapChunk: ChunkTask = task(
  import.meta.url,
  "parallel.map",
  function* (each: AnyTask, items: ArrayLike<unknown>): Generator<Yieldable, ChunkResult, never> {
    const began = now()
    const values: Array<unknown> = []
    for (let i = 0; i < items.length; i++) values.push(yield* (each as unknown as Each)(items[i]))
    return { values, millis: now() - began }
  },
)

/** The same without the values. */
export const forEachChunk: ChunkTask = task(
  import.meta.url,
  "parallel.forEach",
  function* (each: AnyTask, items: ArrayLike<unknown>): Generator<Yieldable, ChunkResult, never> {
    const began = now()
    for (let i = 0; i < items.length; i++) yield* (each as unknown as Each)(items[i])
    return { values: [], millis: now() - began }
  },
)

/** Folds the items into one value. */
export const reduceChunk: Task<ChunkResult, Yieldable, [AnyTask, ArrayLike<unknown>, unknown]> = task(
  import.meta.url,
  "parallel.reduce",
  function* (step: AnyTask, items: ArrayLike<unknown>, initial: unknown): Generator<Yieldable, ChunkResult, never> {
    const began = now()
    let value = initial
    for (let i = 0; i < items.length; i++) value = yield* (step as unknown as Each)(value, items[i])
    return { values: [value], millis: now() - began }
  },
)
