/**
 * Chunks: a loop over items, in pieces that threads take.
 *
 * Each piece is about two milliseconds of work, by what the items have taken so far; towards the end pieces get smaller, so that all threads end together.
 * A few pieces for each thread are under way at a time, and no more is taken from the source.
 */
import { chan } from "@weft/channels"
import { type Op, scope, type Scope, type Yieldable } from "@weft/core"
import type { Call, Executor } from "../call.ts"
import { NotCloneable } from "../not-cloneable.ts"
import type { Pool } from "../pool.ts"
import { reservedCall } from "../spawn.ts"
import { noOptions } from "../spawn-options.ts"
import type { AnyTask } from "../task.ts"
import { waitsForRoom } from "../wire.ts"
import type { ChunkResult } from "./chunk.ts"
import type { Source } from "./source.ts"

const chunkMillis = 2
/** What `Infinity` pieces are: a source may have no end, and each piece that is under way is kept. */
const mostAtOnce = 1000
/** A chunk stays a message of a size that is soon copied. */
const mostItems = 4096
/** The next one waits in a thread's queue while one runs. */
const chunksPerThread = 2

/** @since 0.3.0 */
export interface ParallelOptions {
  /**
   * How many pieces of the work may be under way; two for each thread if left out, 1,000 if it is `Infinity`. For tasks that wait more than they compute.
   */
  readonly concurrency?: number
  /** The pool whose threads share the work; the default one if left out. Where it has a `maxQueue`, pieces wait for room. */
  readonly pool?: Pool
}

export interface Loop {
  readonly source: Source
  readonly executor: Executor
  readonly options: ParallelOptions
  /** Made by chunk.ts, and what each call of it gets beside the items. */
  readonly chunk: AnyTask
  readonly rest: ReadonlyArray<unknown>
  /** Called with what the items from number `first` on came to, as soon as they have. */
  ended(first: number, values: ReadonlyArray<unknown>): void
}

export function* runChunks(loop: Loop): Generator<Op<void, unknown>, void, unknown> {
  const { executor, options, source } = loop
  const { threads } = executor
  const { concurrency = threads * chunksPerThread } = options
  const most = concurrency === Infinity ? mostAtOnce : concurrency
  const pace = new Pace(source, threads)
  const fate = { hasFailed: false }
  yield* scope(function* (s: Scope<unknown>) {
    const free = chan<void>(most)
    let under = 0
    let at = 0
    let isLeft = true
    try {
      for (;;) {
        if (under === most) {
          yield* free.receive()
          under--
        }
        const items: ArrayLike<unknown> = yield* source.take(pace.next())
        if (items.length === 0) break
        s.go(runChunk, loop, pace, fate, free, at, items)
        at += items.length
        under++
      }
      isLeft = false
    } finally {
      if (isLeft) yield* source.leave()
    }
  })
}

function* runChunk(
  loop: Loop,
  pace: Pace,
  fate: { hasFailed: boolean },
  free: { trySend(value: void): boolean },
  first: number,
  items: ArrayLike<unknown>,
): Generator<Yieldable, void, never> {
  const { chunk, executor, rest } = loop
  yield* executor.whenRoom(() => executor.reserve())
  let call: Call | undefined
  try {
    call = reservedCall(executor, noOptions, chunk, [items, ...rest], waitsForRoom)
    const { millis, values } = (yield* call) as ChunkResult
    pace.took(items.length, millis)
    loop.ended(first, values)
    free.trySend()
  } catch (error) {
    // Several may fail before the first one's interruption reaches them: the others' would be panics of the scope, though somebody catches the first.
    if (fate.hasFailed) return
    fate.hasFailed = true
    if (error instanceof NotCloneable && error.fields.task === chunk.taskName) nameItem(error, first, rest.length > 0)
    throw error
  } finally {
    call?.goroutineEnded()
  }
}

/** Says where it is in what the loop was given: who wrote that knows of no pieces. */
function nameItem(error: NotCloneable, first: number, isFold: boolean): void {
  const { fields, message, stack } = error
  // What was found in a thread comes without the value: arguments of a call there, and not of this piece's.
  if (fields.path.startsWith("args") && fields.value === undefined) return
  const path = fields.path
    .replace(/^args\[0\](?:\[(\d+)\])?/, (_, i?: string) => (i === undefined ? "items" : `items[${first + Number(i)}]`))
    .replace(/^args\[1\]/, "initial")
    .replace(/^its result\.values\[(\d+)\]/, (_, i: string) =>
      isFold ? "its result" : `its result for items[${first + Number(i)}]`,
    )
  const named = (text: string | undefined) => text?.replace(fields.path, () => path)
  Object.assign(error, { fields: { ...fields, path } })
  for (const [key, value] of Object.entries({ message: named(message), stack: named(stack) }))
    Object.defineProperty(error, key, { value, configurable: true, writable: true })
}

/** How many items the next chunk should have. */
class Pace {
  readonly #source: Source
  readonly #threads: number
  #millisPerItem = -1

  constructor(source: Source, threads: number) {
    this.#source = source
    this.#threads = threads
  }

  next(): number {
    if (this.#millisPerItem < 0) return 1
    const most = Math.min(mostItems, Math.ceil(chunkMillis / Math.max(this.#millisPerItem, 1e-6)))
    return Math.max(1, Math.min(most, Math.ceil(this.#source.left / (this.#threads * chunksPerThread))))
  }

  took(items: number, millis: number): void {
    const now = millis / items
    this.#millisPerItem = this.#millisPerItem < 0 ? now : this.#millisPerItem * 0.7 + now * 0.3
  }
}
