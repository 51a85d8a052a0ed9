import type { Waiter } from "@weft/core"
import { buffer, type BufferPolicy, chan } from "../chan.ts"
import { Ended } from "../receive.ts"
import type { Receiver } from "../receiver.ts"

/**
 * What `fromEvent` needs of a Node EventEmitter.
 *
 * @since 0.1.0
 */
export interface Emitter {
  on(name: string, listener: (event: unknown) => void): unknown
  off(name: string, listener: (event: unknown) => void): unknown
}

/**
 * The events of a browser's or Node's EventTarget, or of a Node EventEmitter (the first argument given to its listeners).
 *
 * Laws
 * - It listens from the call on until it is stopped; then it ends, after the events buffered.
 * - Nothing can hold an event back. The buffer keeps all, or what its policy says; a number keeps that many and drops what comes then.
 * - While somebody waits to receive, no deadlock is reported: the event may come. The target is not kept alive otherwise.
 *
 * @example
 * using clicks = fromEvent<MouseEvent>(button, "click")
 * yield* debounce(clicks, "100 millis").forEach(save)
 *
 * @since 0.1.0
 */
export function fromEvent<T = Event>(
  target: EventTarget | Emitter,
  name: string,
  capacity: number | BufferPolicy = buffer.unbounded(),
): Events<T> {
  const out = chan<T>(capacity)
  const { receivers } = out
  /** Wakes the first of those who wait, unless his wait is over: he leaves by himself, and counts himself out. */
  const wakesOne = (raw: unknown): boolean => {
    for (let receiver = receivers.head; receiver !== null; receiver = receivers.head) {
      const mayCommit = receiver.mayCommit()
      receivers.remove(receiver)
      if (!mayCommit) continue
      receiver.processor.outside--
      receiver.commit(raw)
      return true
    }
    return false
  }
  const listener = (event: unknown) => {
    // An emitter calls the listeners that it had when it began, one stopped by another among them.
    if (out.closed) return
    if (!wakesOne(event)) out.trySend(event as T)
  }
  const isEmitter = "on" in target
  if (isEmitter) target.on(name, listener)
  else target.addEventListener(name, listener)
  const stop = () => {
    if (out.closed) return
    if (isEmitter) target.off(name, listener)
    else target.removeEventListener(name, listener)
    while (wakesOne(Ended));
    out.close()
  }
  return Object.assign(out, {
    stop,
    [Symbol.dispose]: stop,
    enqueueReceiver(waiter: Waiter) {
      waiter.processor.outside++
      receivers.push(waiter)
    },
    dequeueReceiver(waiter: Waiter) {
      waiter.processor.outside--
      receivers.remove(waiter)
    },
  })
}

/**
 * What {@link fromEvent} gives.
 *
 * @since 0.1.0
 */
export interface Events<out T> extends Receiver<T>, Disposable {
  /** Listens no more, and ends. */
  stop(): void
}
