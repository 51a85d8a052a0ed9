import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Pull from "effect/Pull"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { BufferPolicy } from "../chan.ts"
import { type Flow, flow } from "../flow.ts"
import type { Receiver } from "../receiver.ts"

/**
 * An Effect Stream of what is received.
 *
 * Laws
 * - A value is received when the stream is pulled, one at a time, and not before.
 * - It ends when `from` does, and fails when `from` does.
 * - Interrupting it withdraws the receive: what it did not emit is still to be received. It may be run again, and several times at once.
 * - A flow is not stopped with it: `Stream.ensuring(Effect.sync(() => flow.stop()))`.
 *
 * @example
 * const total = yield* Stream.runSum(toStream(numbers))
 *
 * @since 0.1.0
 */
export function toStream<T, E>(from: Receiver<T, E>): Stream.Stream<T, E> {
  return Stream.fromEffectRepeat(pull(from)) as Stream.Stream<T, E>
}

/** Receives a value; at the end it is done. */
export function pull<T, E>(from: Receiver<T, E>): Effect.Effect<T, E | Cause.Done> {
  return Effect.flatMap(from.next(), (next) => (next.ok ? Effect.succeed(next.value) : Cause.done()))
}

/**
 * The values of an Effect Stream, run in a goroutine; its services come from `run`'s `services`.
 *
 * Laws
 * - The stream is pulled once all of its last chunk was sent.
 * - Its failure is the flow's, its defects are panics.
 * - Stopped early, it interrupts the stream, and the goroutine ends once its finalizers have run.
 *
 * @example
 * yield* fromStream(rows).forEach(function* (row) { yield* jobs.send(row) })
 *
 * @since 0.1.0
 */
export function fromStream<T, E, R>(stream: Stream.Stream<T, E, R>, capacity?: number | BufferPolicy): Flow<T, E> {
  return flow([], capacity, function* (out) {
    const scope = yield* Scope.make()
    try {
      const pull = Pull.catchDone(yield* Scope.provide(Stream.toPull(stream), scope), () => Effect.succeed([]))
      for (;;) {
        const chunk = yield* pull
        if (chunk.length === 0) return
        for (const value of chunk) yield* out.send(value)
      }
    } finally {
      yield* Scope.close(scope, Exit.void)
    }
  })
}
