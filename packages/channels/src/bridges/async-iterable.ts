import { InvalidBody, Op } from "@weft/core"
import type { BufferPolicy } from "../chan.ts"
import type { Sender } from "../channel.ts"
import { type Flow, flow } from "../flow.ts"

/**
 * How values are taken over from a source that may fail.
 *
 * @since 0.1.0
 */
export interface FromOptions<E> {
  /** Makes a typed failure of what the source rejects with. Left out, that itself is the failure. */
  readonly catch?: (reason: unknown) => E
  readonly capacity?: number | BufferPolicy
}

/**
 * The values of an async iterable.
 *
 * Laws
 * - The next value is asked for once the last was sent: one is in hand at most.
 * - A rejection is the flow's failure.
 * - Stopped early, it closes the iterator (`return`), as a `for await` that breaks does. The goroutine ends after that, but does not wait
 *   for a `next` that is under way: that may never come.
 *
 * Errors: `InvalidBody` for what is none, an array among them.
 *
 * @example
 * using lines = fromAsyncIterable(readline.createInterface({ input }))
 * yield* lines.forEach(console.log)
 *
 * @since 0.1.0
 */
export function fromAsyncIterable<T, E = unknown>(iterable: AsyncIterable<T>, options?: FromOptions<E>): Flow<T, E> {
  if (!(iterable as Partial<AsyncIterable<T>> | null)?.[Symbol.asyncIterator])
    throw new InvalidBody("fromAsyncIterable", iterable, "write (async function* () { yield* list })()")
  return fromIterator<T, E>(iterable[Symbol.asyncIterator](), options)
}

/** What is needed of an AsyncIterator. */
interface Iterated<T> {
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: T | undefined }>
  return?(): Promise<unknown>
}

export function fromIterator<T, E>(iterator: Iterated<T>, options?: FromOptions<E>): Flow<T, E> {
  let isOpen = true
  let isPulling = false
  const rejected = (reason: unknown) => {
    isOpen = false
    return options?.catch === undefined ? (reason as E) : options.catch(reason)
  }
  const close = async () => {
    if (!isOpen) return
    isOpen = false
    await iterator.return?.()
  }
  // As a source it is closed in any case, also before the first step and in the middle of a next.
  // Whoever stopped the flow waits for nothing of it any more, a failing close included.
  const dispose = () => void close().catch(() => undefined)
  return flow([{ [Symbol.dispose]: dispose }], options?.capacity, function* (out: Sender<T>) {
    try {
      for (;;) {
        isPulling = true
        const next = yield* Op.fromPromise(() => iterator.next(), { catch: rejected })
        isPulling = false
        if (next.done === true) {
          isOpen = false
          return
        }
        yield* out.send(next.value as T)
      }
    } finally {
      if (isOpen && !isPulling) yield* Op.fromPromise(close, { catch: rejected })
    }
  })
}
