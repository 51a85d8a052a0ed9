import { accessed, generatorIn, NotReady, type Op, scope, type Waiter, type Yieldable } from "@weft/core"
import { checkFunction } from "./check-function.ts"
import type { ChannelClosed } from "./closed.ts"
import { Ended, FromSource, type Next, NextOf, nextOf, Receive, type Source, Take } from "./receive.ts"

/**
 * The receiving end of a channel: give functions this where they only receive.
 *
 * A channel just ends. What brings values from elsewhere ({@link Flow}) may fail instead, after its last value: then every way to receive
 * fails with `E`.
 *
 * @see Go: `<-chan T`
 * @since 0.1.0
 */
export abstract class Receiver<out T, out E = never> implements Source, AsyncIterable<T> {
  /** @internal */
  abstract readonly receiveName: string
  /** @internal */
  abstract readonly receiveDetail: string | undefined
  /** @internal A value, Ended or NotReady. */
  abstract pollReceive(): unknown
  /** @internal */
  abstract enqueueReceiver(waiter: Waiter): void
  /** @internal */
  abstract dequeueReceiver(waiter: Waiter): void | Op<void>

  static {
    // What console.log shows: "Channel (unbuffered, 1 waiting to receive)". See core's inspect.ts.
    Object.defineProperty(this.prototype, Symbol.for("nodejs.util.inspect.custom"), {
      value(this: Receiver<unknown, unknown>) {
        const what = this.receiveDetail ?? `a receiver (${this.receiveName})`
        return what.replace(/^an? (.)/, (_, first: string) => first.toUpperCase())
      },
    })
  }

  /** Values in the buffer. */
  abstract readonly length: number
  /** Places in the buffer. */
  abstract readonly capacity: number
  /** Whether it was closed; buffered values can still be received. */
  abstract readonly closed: boolean

  /** The next value; `undefined` once closed and drained (Go's zero value: closing broadcasts). */
  receive(): Op<T | undefined, E> {
    return new Receive<T, E>(this)
  }

  /** `{ ok: true, value }`, or `{ ok: false }` once closed and drained: `v, ok := <-ch`. */
  next(): Op<Next<T>, E> {
    return new NextOf<T, E>(this)
  }

  /** The next value; fails with {@link ChannelClosed} once closed and drained. */
  take(): Op<T, ChannelClosed | E> {
    return new Take<T, E>(this)
  }

  /** Receives if that needs no waiting; `undefined` if it would. */
  tryReceive(): Next<T> | undefined {
    accessed(this)
    const raw = this.pollReceive()
    return raw === NotReady ? undefined : nextOf<T>(raw)
  }

  /**
   * Calls `f` with every value until the channel is closed and drained. A generator function is run to its end before the next value.
   *
   * Errors: `InvalidBody` unless `f` is a function, and at the first value if `f` is async, or returns an op, as nobody would wait for that: write a generator function
   * and `yield* Op.fromPromise(...)` in it. That value has reached `f`, which runs on (`error.fields.made`); the rest is in the channel.
   *
   * @see Go: `for v := range ch`
   */
  forEach<Y extends Yieldable>(
    f: (value: T) => Generator<Y, unknown, never>,
  ): Generator<Y | Op<T | undefined, E>, void, unknown>
  forEach(f: (value: T) => unknown): Generator<Op<T | undefined, E>, void, unknown>
  *forEach(f: (value: T) => unknown): Generator<Yieldable, void, unknown> {
    checkFunction("forEach", f)
    const next = new RawReceive(this)
    for (;;) {
      const raw = yield* next
      if (raw === Ended) return
      const made = f(raw as T)
      // Most return nothing of the kind.
      if (typeof made !== "object") continue
      const rest = generatorIn("forEach", f, made)
      if (rest !== undefined) yield* rest
    }
  }

  /** All values until the channel is closed. A drain that is cancelled has taken those that came before. */
  drain(): Op<Array<T>, E> {
    const collect = function* (this: Receiver<T, E>): Generator<Op<T | undefined, E>, Array<T>, unknown> {
      const values: Array<T> = []
      yield* this.forEach((value) => void values.push(value))
      return values
    }
    return scope<Array<T>, Op<T | undefined, E>>(collect.bind(this))
  }

  /** `for await` in plain async code. Leaving the loop takes nothing further. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const next = await this.next().promise()
      if (!next.ok) return
      yield next.value
    }
  }
}

/** A receive that leaves its raw value as it is: forEach needs no object a value. */
class RawReceive extends FromSource<unknown> {}
