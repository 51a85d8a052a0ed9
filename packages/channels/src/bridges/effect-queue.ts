import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { BufferPolicy } from "../chan.ts"
import type { Flow } from "../flow.ts"
import type { Receiver } from "../receiver.ts"
import { fromStream, pull } from "./effect-stream.ts"

/**
 * An Effect Queue fed with what is received, for as long as the scope is open.
 *
 * Laws
 * - Each value is received once there is room for it in the queue: by default one is in hand at most, until somebody takes it.
 * - The queue ends when `from` does, and fails when `from` does. Once it was shut down, nothing more is received.
 * - Closing the scope withdraws the receive and shuts the queue down. A flow is not stopped with it.
 *
 * @example
 * const queue = yield* toQueue(numbers)
 * const first = yield* Queue.take(queue)
 *
 * @since 0.1.0
 */
export function toQueue<T, E>(
  from: Receiver<T, E>,
  capacity = 0,
): Effect.Effect<Queue.Dequeue<T, E | Cause.Done>, never, Scope.Scope> {
  // One by one: offerAll overfills a queue of capacity 0 while somebody waits to take (effect 4.1).
  return Effect.tap(Effect.acquireRelease(Queue.bounded<T, E | Cause.Done>(capacity), Queue.shutdown), (queue) => {
    const offer = Effect.flatMap(pull(from), (value) => Queue.offer(queue, value))
    const feed = Queue.into(Effect.repeat(offer, { while: (isOpen) => isOpen }) as Effect.Effect<boolean, E>, queue)
    // A receive that waits when the queue is shut down must not take the next value: nobody would get it.
    return Effect.forkScoped(Effect.raceFirst(feed, Effect.exit(Queue.await(queue))))
  })
}

/**
 * The messages of an Effect Queue.
 *
 * Laws
 * - A message is taken once the last was sent: one is in hand at most.
 * - It ends when the queue does, or is shut down; the queue's failure is the flow's.
 * - Stopped, it leaves the queue open, with what is in it.
 *
 * @example
 * const hit = yield* select({ message: messages.receive(), quit: ctx.done }) // messages = fromQueue(queue)
 *
 * @since 0.1.0
 */
export function fromQueue<T, E>(
  queue: Queue.Dequeue<T, E>,
  capacity?: number | BufferPolicy,
): Flow<T, Exclude<E, Cause.Done>> {
  const take = Effect.catchCause(Queue.take(queue), (cause): Effect.Effect<never, E | Cause.Done> =>
    Cause.hasInterruptsOnly(cause) ? Cause.done() : Effect.failCause(cause),
  )
  return fromStream(Stream.fromEffectRepeat(take), capacity)
}
