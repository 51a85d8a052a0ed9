/**
 * Flow: a receiver with a goroutine behind it, which brings the values. Combinators and bridges are made of flows.
 *
 * A flow is a channel that has been told how to stop and how to fail; its type hides that one could send to it.
 *
 * Invariants:
 *   1. A flow's channel is closed by the end of its goroutine, however that ends, or by `stop` before it.
 *   2. What the goroutine failed with is kept there alone: whoever receives past the last value joins it.
 */
import { type Body, type ErrorOf, go, type Goroutine, type Yieldable } from "@weft/core"
import { type BufferPolicy, chan } from "./chan.ts"
import type { Channel, Sender } from "./channel.ts"
import { Ended } from "./receive.ts"
import type { Receiver } from "./receiver.ts"

/**
 * A receiver whose values a goroutine of its own brings: what the combinators and bridges give.
 *
 * Laws
 * - Nothing is read ahead but the one value that the goroutine has in hand; a capacity adds that many places.
 * - It ends after the last value, when its source has. When its source, or a function given to it, fails with a typed failure, every
 *   receive past the last value fails with that. If nobody receives that far, `run` fails with it at its end, as with any failure that
 *   nobody joined.
 * - An error thrown by a function given to it is a panic and fails the `run`.
 * - When `run` ends it is cancelled with the rest.
 * - A flow belongs to the combinator it is given to: once that has ended or was stopped, it is stopped too. So stopping the last of a chain
 *   stops all of it, and closes the file or the connection at its head. A plain channel is left alone.
 *
 * A flow that nobody drains keeps its goroutine parked: stop it, or let `using` do so. To tie it to a context:
 * `context.afterFunc(ctx, () => flow.stop())`.
 *
 * @example
 * using lines = map(fromReadableStream(response.body), decode)
 * const first = yield* lines.receive()
 *
 * @since 0.1.0
 */
export interface Flow<out T, out E = never> extends Receiver<T, E>, Disposable {
  /** Does the work: join it to wait until it has ended and cleaned up. */
  readonly goroutine: Goroutine<unknown, E>
  /** Ends it, and what brings its values. What is buffered can still be received; what the goroutine has in hand is dropped. */
  stop(): void
}

/** Makes a channel one of the feed's flows. `idle` is what happens when the last of them was stopped; default: the feed is, too. */
type Tap<E> = <T>(out: Channel<T>, idle?: () => void) => Flow<T, E>

/** Starts a flow over `sources`: `body` sends its values. */
export function flow<T, Y extends Yieldable>(
  sources: ReadonlyArray<object>,
  capacity: number | BufferPolicy | undefined,
  body: (out: Sender<T>) => Generator<Y, unknown, never>,
): Flow<T, ErrorOf<Y>> {
  const out = chan<T>(capacity)
  return feed(sources, () => body(out)).tap(out)
}

/** Starts a goroutine over `sources` that sends to `outs`: the channels of its flows that were not stopped. */
export function feed<T, Y extends Yieldable>(
  sources: ReadonlyArray<object>,
  body: (outs: Set<Channel<T>>) => Generator<Y, unknown, never>,
): { goroutine: Goroutine<unknown, ErrorOf<Y>>; tap: Tap<ErrorOf<Y>> } {
  const outs = new Set<Channel<T>>()
  const goroutine = stage(
    sources,
    () => body(outs),
    () => outs.forEach(end),
  )
  const join = () => goroutine.wasInterrupted || goroutine.join().poll()
  const end = (out: Channel<T>) => {
    if (out.closed) return
    try {
      // Only for somebody who waits: a failure that nobody has seen stays one.
      if (!out.receivers.isEmpty) join()
    } catch (failure) {
      out.receivers.failAll(() => failure)
    }
    out.close()
  }
  const tap = (out: Channel<T>, idle = () => goroutine.interrupt()) => {
    const poll = out.pollReceive.bind(out)
    const stop = () => {
      // Before the close: the goroutine must not find its send on a closed channel.
      if (outs.delete(out) && outs.size === 0) idle()
      end(out)
    }
    outs.add(out)
    if (goroutine.exit !== undefined) end(out)
    return Object.assign(out, {
      goroutine,
      stop,
      [Symbol.dispose]: stop,
      pollReceive() {
        const raw = poll()
        if (raw === Ended) join()
        return raw
      },
    })
  }
  return { goroutine, tap: tap as unknown as Tap<ErrorOf<Y>> }
}

/** Starts a goroutine over `from` that sends to `to`, a channel of somebody else's, and closes it. */
export function feedTo<A, Y extends Yieldable>(
  from: object,
  to: Sender<never>,
  body: Body<A, Y>,
): Goroutine<A, ErrorOf<Y>> {
  return stage([from], body, () => {
    if (!to.closed) to.close()
  })
}

/** Starts a goroutine to which its sources belong; calls `ended` when it has. */
function stage<A, Y extends Yieldable>(
  sources: ReadonlyArray<object>,
  body: Body<A, Y>,
  ended: () => void,
): Goroutine<A, ErrorOf<Y>> {
  const goroutine = go.named("flow", body)
  goroutine.onExit(() => {
    for (const source of sources) (source as Partial<Disposable>)[Symbol.dispose]?.()
    ended()
  })
  return goroutine
}
