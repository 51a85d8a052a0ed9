import {
  checkOptions,
  type ErrorOf,
  InvalidOption,
  type KnownOptions,
  type Op,
  scope,
  type Yieldable,
} from "@weft/core"
import { spawnExecutor } from "../default-pool.ts"
import { executorOf, Pool } from "../pool.ts"
import { type AnyTask, InvalidTask, isTask, type Task } from "../task.ts"
import { type ChunkKind, chunkOf } from "./chunk.ts"
import { type ParallelOptions, runChunks } from "./chunks.ts"
import { type Items, type Source, sourceOf } from "./source.ts"

/**
 * Loops whose items threads share out: the same results as a loop here, sooner.
 *
 * Laws
 * - Items are taken as threads come to them: a few pieces are under way at a time, whatever the source. Pieces are sized by what the items take.
 * - The first failure, or an interruption, interrupts what is under way, and is thrown when that has unwound. The source is left then as a loop leaves it:
 *   an iterator's `return` is called. A channel stays as it is.
 * - Each is an op: it starts when it is committed.
 * - Items and results are copied, but for typed arrays in shared memory, which threads see in place.
 *
 * @example
 * const rows = yield* parallel.map(Array.from({ length: 600 }, (_, y) => y), renderRow)
 *
 * @since 0.3.0
 */
export const parallel: {
  /** What `task` gives for each item, in the items' order. */
  readonly map: typeof map
  /** Runs `task` for each item. */
  readonly forEach: typeof forEach
  /** The items for which `task` gives true, in their order. */
  readonly filter: typeof filter
  /**
   * Folds the items into one value: each piece by `step`, from `initial` on, and the pieces by `combine`, in their order.
   *
   * Law: the same as one fold, whatever the pieces, if `combine` is associative, `step(a, item)` is `combine(a, step(initial, item))`, and `initial`
   * changes nothing (0, "", []), as every piece begins with it. What the fold is to begin with, add afterwards.
   */
  readonly reduce: typeof reduce
} = { map, forEach, filter, reduce }

function map<T, A, Y extends Yieldable>(
  items: Items<T>,
  task: Task<A, Y, [item: T]>,
  options: ParallelOptions = {},
): Op<Array<A>, ErrorOf<Y>> {
  return loop(items, task, "map", [], options, () => {
    const results: Array<A> = []
    return {
      ended: (first, values) => {
        for (let i = 0; i < values.length; i++) results[first + i] = values[i] as A
      },
      result: () => results,
    }
  })
}

function forEach<T, Y extends Yieldable>(
  items: Items<T>,
  task: Task<unknown, Y, [item: T]>,
  options: ParallelOptions = {},
): Op<void, ErrorOf<Y>> {
  return loop<void, ErrorOf<Y>>(items, task, "forEach", [], options, () => ({
    ended: () => undefined,
    result: () => undefined,
  }))
}

function filter<T, Y extends Yieldable>(
  items: Items<T>,
  task: Task<boolean, Y, [item: T]>,
  options: ParallelOptions = {},
): Op<Array<T>, ErrorOf<Y>> {
  check(items, task, options)
  return scope(function* () {
    const source = sourceOf(items)
    const taken: Array<T> = []
    const noted: Source = {
      get left() {
        return source.left
      },
      *take(most) {
        const chunk = yield* source.take(most)
        for (let i = 0; i < chunk.length; i++) taken.push(chunk[i] as T)
        return chunk
      },
      leave: () => source.leave(),
    }
    const keeps: Array<boolean> = []
    const ended = (first: number, values: ReadonlyArray<unknown>) => {
      for (let i = 0; i < values.length; i++) keeps[first + i] = values[i] as boolean
    }
    yield* runLoop(noted, task, "map", [], options, ended)
    return taken.filter((_item, i) => keeps[i])
  }) as Op<Array<T>, ErrorOf<Y>>
}

function reduce<T, A, Y extends Yieldable>(
  items: Items<T>,
  step: Task<A, Y, [value: A, item: T]>,
  initial: A,
  combine: (a: A, b: A) => A,
  options: ParallelOptions = {},
): Op<A, ErrorOf<Y>> {
  return loop<A, ErrorOf<Y>>(items, step, "reduce", [initial], options, () => {
    const pieces = new Map<number, A>()
    return {
      ended: (first, [value]) => void pieces.set(first, value as A),
      result: () => [...pieces].sort(([a], [b]) => a - b).reduce((value, [, piece]) => combine(value, piece), initial),
    }
  })
}

interface Gathering<A> {
  readonly ended: (first: number, values: ReadonlyArray<unknown>) => void
  readonly result: () => A
}

function loop<A, E>(
  items: Items<unknown>,
  task: object,
  kind: ChunkKind,
  rest: ReadonlyArray<unknown>,
  options: ParallelOptions,
  gather: () => Gathering<A>,
): Op<A, E> {
  check(items, task, options)
  return scope(function* () {
    const { ended, result } = gather()
    yield* runLoop(sourceOf(items), task, kind, rest, options, ended)
    return result()
  }) as Op<A, E>
}

const known: KnownOptions<ParallelOptions> = { concurrency: undefined, pool: undefined }

/** At the call, so that what can't be gone through is refused there. */
function check(items: Items<unknown>, task: object, options: ParallelOptions): void {
  sourceOf(items)
  if (!isTask(task)) throw new InvalidTask(undefined, task, "parallel loop")
  checkOptions("parallel", options, known)
  const { concurrency, pool } = options
  if (concurrency !== undefined && concurrency !== Infinity && !(concurrency >= 1 && Number.isInteger(concurrency)))
    throw new InvalidOption("parallel", "concurrency", concurrency, "a whole number from 1 on, or Infinity")
  if (pool !== undefined && !(pool instanceof Pool)) throw new InvalidOption("parallel", "pool", pool, "a Pool")
}

function runLoop(
  source: Source,
  each: object,
  kind: ChunkKind,
  rest: ReadonlyArray<unknown>,
  options: ParallelOptions,
  ended: Gathering<unknown>["ended"],
): Generator<Op<void, unknown>, void, unknown> {
  const executor = options.pool === undefined ? spawnExecutor() : executorOf(options.pool)
  return runChunks({ source, executor, options, rest, ended, chunk: chunkOf(kind, each as AnyTask) })
}
