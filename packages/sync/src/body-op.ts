import {
  type Body,
  currentProcessor,
  InvalidBody,
  NotReady,
  Op,
  type OpIterator,
  scope,
  type Waiter,
  type Yieldable,
} from "@weft/core"
import * as Fiber from "effect/Fiber"

/** A function that does its work when called, or one whose generator does. */
export type PlainOrBody<A> = (() => A) | Body<A>

/**
 * An op that runs a body.
 *
 * In place where a goroutine yields it, as a part of it. Elsewhere, in a fiber, a select or a promise, in a goroutine of its own, which is
 * interrupted when the op is withdrawn: an interrupted fiber runs none of the `finally` blocks of its generators.
 */
export abstract class BodyOp<A, E> extends Op<A, E> {
  declare private apart: Op<A, unknown> | null

  constructor() {
    super()
    this.apart = null
  }

  protected abstract body(): Generator<Yieldable, A, unknown>

  override [Symbol.iterator](): OpIterator<A, E> {
    const isInGoroutine = currentProcessor().current !== null && Fiber.getCurrent() === undefined
    return isInGoroutine ? (this.body() as unknown as OpIterator<A, E>) : super[Symbol.iterator]()
  }

  override get startsWork(): boolean {
    return true
  }
  poll(): unknown {
    return NotReady
  }
  enqueue(waiter: Waiter): void {
    this.inScope.enqueue(waiter)
  }
  dequeue(waiter: Waiter): void | Op<unknown, unknown> {
    return this.inScope.dequeue(waiter)
  }

  private get inScope(): Op<A, unknown> {
    return (this.apart ??= scope<A, Yieldable>(() => this.body()))
  }
}

/** Refuses at the call what can't be run at all. */
export function checkedFunction<F>(caller: string, f: F): F {
  if (typeof f === "function") return f
  throw new InvalidBody(caller, f, "pass a plain or generator function")
}
