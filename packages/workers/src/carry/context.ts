/**
 * Contexts and abort signals on another thread: made again there, told when the one here is done.
 *
 * Deadlines go along as wall-clock times, so both sides count on one clock. Values go along where their keys mean the same there: strings, numbers and
 * symbols of `Symbol.for`.
 */
import { type Cancel, context, type Context, DeadlineExceeded, threadId, valuesOf } from "@weft/core"
import { type CarriedThrow, packError, unpackError } from "./error.ts"

export interface CarriedContext {
  readonly id: number
  readonly deadline: number | undefined
  readonly values: ReadonlyArray<readonly [CarriedKey, unknown]>
  /** Why it was done when it went: no message that says so could come before its task begins. */
  cause?: CarriedThrow
}

export type CarriedKey = { readonly symbol: string } | string | number

/** A context or signal that goes along with a task; it is watched while the task is on a thread. */
export interface Watch {
  readonly id: number
  /** Itself, where it is this thread's: what it is for a task that runs here after all. */
  readonly original: Context | AbortSignal | undefined
  /** It is about to go: if it is done, that goes along, or is told before. */
  goes(tell: (id: number, cause: CarriedThrow) => void): void
  /** It has gone. Tells once it is done, at once if it is; the answer stops that. */
  watch(tell: (id: number, cause: CarriedThrow) => void): () => void
}

/** One of this thread. */
export class Watched implements Watch {
  readonly carried: CarriedContext
  readonly original: Context | AbortSignal
  readonly #doneBy: () => { readonly cause: unknown } | undefined
  readonly #listen: (done: (cause: unknown) => void) => () => void

  private constructor(
    original: Context | AbortSignal,
    carried: CarriedContext,
    doneBy: () => { readonly cause: unknown } | undefined,
    listen: (done: (cause: unknown) => void) => () => void,
  ) {
    this.original = original
    this.carried = carried
    this.#doneBy = doneBy
    this.#listen = listen
  }

  static context(ctx: Context, packValue: (value: unknown, key: CarriedKey) => unknown): Watched {
    const values = [...valuesOf(ctx)].flatMap(([key, value]): ReadonlyArray<readonly [CarriedKey, unknown]> => {
      const carried = carriedKey(key)
      return carried === undefined ? [] : [[carried, packValue(value, carried)]]
    })
    // A deadline passes there too, by the same clock.
    const isCanceled = () => ctx.err !== undefined && !(ctx.err instanceof DeadlineExceeded)
    return new Watched(
      ctx,
      { id: nextId(), deadline: ctx.deadline?.getTime(), values },
      () => (isCanceled() ? { cause: ctx.cause } : undefined),
      (done) =>
        context.afterFunc(ctx, () => {
          if (isCanceled()) done(ctx.cause)
        }),
    )
  }

  static signal(signal: AbortSignal): Watched {
    return new Watched(
      signal,
      { id: nextId(), deadline: undefined, values: [] },
      () => (signal.aborted ? { cause: signal.reason } : undefined),
      (done) => {
        const abort = () => done(signal.reason)
        if (signal.aborted) abort()
        else signal.addEventListener("abort", abort, { once: true })
        return () => signal.removeEventListener("abort", abort)
      },
    )
  }

  get id(): number {
    return this.carried.id
  }

  goes(): void {
    const done = this.#doneBy()
    if (done !== undefined) this.carried.cause ??= packError(done.cause)
  }

  watch(tell: (id: number, cause: CarriedThrow) => void): () => void {
    if (this.carried.cause !== undefined) return () => undefined
    return this.#listen((cause) => tell(this.id, packError(cause)))
  }
}

/** Numbers them: for the program, as a thread's may go to any other. */
let last = 0
const nextId = (): number => threadId() * 2 ** 28 + ++last

/** Those that came to this thread. */
export class ContextsHere {
  readonly #cancels = new Map<number, Cancel>()
  /** Those of tasks that wait to be started, or are about to come. */
  #doneBefore = new Map<number, CarriedThrow>()
  /** The same, before this thread has waited for a message once. */
  #doneEarlier = new Map<number, CarriedThrow>()

  make(what: unknown, unpackValue: (value: unknown) => unknown): Context {
    const {
      deadline,
      id,
      values,
      cause = this.#doneBefore.get(id) ?? this.#doneEarlier.get(id),
    } = what as CarriedContext
    let ctx = context.background
    for (const [key, value] of values)
      ctx = context.withValue(ctx, typeof key === "object" ? Symbol.for(key.symbol) : key, unpackValue(value))
    const [made, cancel] =
      deadline === undefined ? context.withCancel(ctx) : context.withDeadline(ctx, new Date(deadline))
    if (cause === undefined) this.#cancels.set(id, cancel)
    else cancel(unpackError(cause, undefined))
    return made
  }

  makeSignal(what: unknown): AbortSignal {
    return this.make(what, (value) => value).signal
  }

  done(id: number, cause: CarriedThrow): void {
    const cancel = this.#cancels.get(id)
    if (cancel === undefined) return void this.#doneBefore.set(id, cause)
    this.#cancels.delete(id)
    cancel(unpackError(cause, undefined))
  }

  /** No task waits to be started. One may come with the next message, of which a context was done before. */
  noneWaits(): void {
    if (this.#doneBefore.size + this.#doneEarlier.size === 0) return
    this.#doneEarlier = this.#doneBefore
    this.#doneBefore = new Map()
  }

  forget(id: number): void {
    this.#cancels.delete(id)
  }
}

function carriedKey(key: unknown): CarriedKey | undefined {
  if (typeof key === "string" || typeof key === "number") return key
  const symbol = typeof key === "symbol" ? Symbol.keyFor(key) : undefined
  return symbol === undefined ? undefined : { symbol }
}
