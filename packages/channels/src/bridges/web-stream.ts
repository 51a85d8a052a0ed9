import type { Next } from "../receive.ts"
import type { Receiver } from "../receiver.ts"
import type { Flow } from "../flow.ts"
import { type FromOptions, fromIterator } from "./async-iterable.ts"

/**
 * The values of a web stream, which is locked from here on.
 *
 * Laws
 * - The next chunk is read once the last was sent: one is in hand at most, besides what the stream buffers itself.
 * - An error of the stream is the flow's failure.
 * - Stopped early, it cancels the stream.
 *
 * Errors: `TypeError` at once if the stream is locked already.
 *
 * @example
 * using chunks = fromReadableStream(response.body, { catch: (cause) => new BodyError({ cause }) })
 *
 * @since 0.1.0
 */
export function fromReadableStream<T, E = unknown>(stream: ReadableStream<T>, options?: FromOptions<E>): Flow<T, E> {
  const reader = stream.getReader()
  return fromIterator({ next: () => reader.read(), return: () => reader.cancel() }, options)
}

/**
 * A web stream of what is received.
 *
 * Laws
 * - A value is received when somebody reads, and not before.
 * - It ends when `from` does; a failure of `from` is the stream's error.
 * - Cancelling it withdraws its receive, and stops `from` if that is a flow.
 *
 * @example
 * return new Response(toReadableStream(chunks))
 *
 * @since 0.1.0
 */
export function toReadableStream<T>(from: Receiver<T, unknown>): ReadableStream<T> {
  const cancelled = new AbortController()
  return new ReadableStream<T>(
    {
      pull(controller) {
        // In the commit itself: a microtask later the stream may have been cancelled, and the value would be nobody's.
        const pass = (next: Next<T>) => (next.ok ? controller.enqueue(next.value) : controller.close())
        return from.next().map(pass).promise(cancelled.signal)
      },
      cancel(reason) {
        cancelled.abort(reason)
        ;(from as Partial<Disposable>)[Symbol.dispose]?.()
      },
    },
    { highWaterMark: 0 },
  )
}
