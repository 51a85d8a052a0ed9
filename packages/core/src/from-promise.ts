import { failure } from "./failure.ts"
import { NotReady } from "./not-ready.ts"
import { Op } from "./op.ts"
import { describe, Panic } from "./panic.ts"
import { asNobody } from "./processor.ts"
import type { Waiter } from "./waiter.ts"

/** @since 0.1.0 */
export interface FromPromiseOptions<E> {
  /** Makes a typed failure of a rejection. Left out, a rejection is thrown as it is. */
  readonly catch: (reason: unknown) => E
}

type Source<A> = PromiseLike<A> | ((signal: AbortSignal) => PromiseLike<A>)

/** One commit: withdrawn, it lets go of its waiter. */
class Settlement {
  waiter: Waiter | null
  abort: AbortController | undefined = undefined

  constructor(waiter: Waiter) {
    this.waiter = waiter
    waiter.processor.outside++
  }

  take(): Waiter | null {
    const { waiter } = this
    if (waiter === null) return null
    this.waiter = null
    waiter.slot = undefined
    waiter.processor.outside--
    return waiter
  }
}

class FromPromise<A, E> extends Op<A, E> {
  declare private readonly source: Source<A>
  declare private readonly rejected: ((reason: unknown) => E) | undefined

  constructor(source: Source<A>, rejected: ((reason: unknown) => E) | undefined) {
    super()
    this.source = source
    this.rejected = rejected
  }

  get name(): string {
    return "promise"
  }
  poll(): unknown {
    return NotReady
  }
  override get startsWork(): boolean {
    return true
  }
  enqueue(waiter: Waiter): void {
    const { processor } = waiter
    const settlement = new Settlement(waiter)
    waiter.slot = settlement
    try {
      const promise = asNobody(() => this.promiseFor(settlement))
      if (!isThenable(promise)) throw notAPromise("the function returned ", promise)
      promise.then(
        (value) => processor.arrived(() => settlement.take()?.commit(value)),
        (reason: unknown) => processor.arrived(() => settlement.take()?.fail(this.errorOf(reason))),
      )
    } catch (error) {
      settlement.take()?.fail(error)
    }
  }
  dequeue(waiter: Waiter): void {
    const settlement = waiter.slot as Settlement | undefined
    settlement?.take()
    settlement?.abort?.abort()
  }

  private promiseFor(settlement: Settlement): PromiseLike<A> {
    if (typeof this.source !== "function") return this.source
    settlement.abort = new AbortController()
    try {
      return this.source(settlement.abort.signal)
    } catch (reason) {
      return Promise.reject(reason)
    }
  }

  /** A `catch` that throws is a panic in whoever waits. */
  private errorOf(reason: unknown): unknown {
    if (this.rejected === undefined) return reason
    try {
      return failure(this.rejected(reason))
    } catch (error) {
      return error
    }
  }
}

const isThenable = (value: unknown): boolean =>
  typeof (value as { then?: unknown } | null | undefined)?.then === "function"

const notAPromise = (whose: string, it: unknown): Panic =>
  new Panic(`weft: Op.fromPromise: ${whose}${describe(it)}; give it a promise or a function (signal) => promise`, {
    it,
  })

/** See {@link Op.fromPromise}. */
export function fromPromise<A, E = never>(source: Source<A>, options?: FromPromiseOptions<E>): Op<A, E> {
  if (typeof source !== "function" && !isThenable(source)) throw notAPromise("it was given ", source)
  return new FromPromise<A, E>(source, options?.catch)
}
