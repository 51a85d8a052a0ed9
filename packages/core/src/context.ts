/**
 * Context: Go's package context, as functions that make one context of another. What a context is, and how it hears of its end, is in
 * context-node.ts.
 */
import type * as Duration from "effect/Duration"
import type { Yieldable } from "./body.ts"
import { ContextMisuse } from "./context-error.ts"
import { ContextNode, isNode, millisLeft, watchForeign } from "./context-node.ts"
import type { Op } from "./op.ts"
import { current } from "./processor.ts"
import { toMillis } from "./sleep.ts"
import { starter } from "./starter.ts"

/**
 * Carries cancellation, a deadline and values down a tree of calls.
 *
 * Anything of this shape can be a parent; one with an `afterFunc` is told through that.
 *
 * @see Go: context.Context
 * @since 0.1.0
 */
export interface Context {
  /** Ready once the context is done; then `err` says why. */
  readonly done: Op<void>
  /** `ContextCanceled` or `DeadlineExceeded`; undefined until done. */
  readonly err: Error | undefined
  /** What was given to `cancel`, else `err`. */
  readonly cause: unknown
  readonly deadline: Date | undefined
  /** The nearest value set for `key` on the way up. */
  value(key: unknown): unknown
  /** Aborts when the context is done, with `cause` as its reason: pass it to `fetch`. */
  readonly signal: AbortSignal
  /** Optional in a foreign context: calls `f` once it is done; the answer stops that. */
  afterFunc?(f: () => void): () => boolean
}

/** Cancels a context and all below it; the first call counts. @since 0.1.0 */
export type Cancel = (cause?: unknown) => void

function withCancel(parent: Context): readonly [Context, Cancel] {
  const node = new ContextNode(checked(parent))
  return [node, (cause) => node.cancel(cause)]
}

function withDeadline(parent: Context, deadline: Date, cause?: unknown): readonly [Context, Cancel] {
  const date = checkedDate(deadline).getTime()
  return deadlineIn(parent, date - current.clock.wallNow(), date, cause)
}

function withTimeout(parent: Context, timeout: Duration.Input, cause?: unknown): readonly [Context, Cancel] {
  const millis = toMillis(timeout)
  return deadlineIn(parent, millis, current.clock.wallNow() + millis, cause)
}

function deadlineIn(parent: Context, millis: number, date: number, cause: unknown): readonly [Context, Cancel] {
  // A deadline later than the parent's end never comes into play.
  const isLater = checked(parent).err !== undefined || millisLeft(parent) <= millis
  const node = new ContextNode(parent, isLater ? {} : { deadlineAt: current.clock.now() + millis, date, cause })
  return [node, (given) => node.cancel(given)]
}

function withValue(parent: Context, key: unknown, value: unknown): Context {
  if (key === undefined || key === null)
    throw new ContextMisuse("context: nil key; use a symbol or an object of your own", { key })
  if (typeof key === "number" && Number.isNaN(key))
    throw new ContextMisuse("context: key is not comparable; NaN equals nothing", { key })
  return new ContextNode(checked(parent), { key, value, canEnd: !isNode(parent) || parent.canEnd })
}

function withoutCancel(parent: Context): Context {
  return new ContextNode(checked(parent), { canEnd: false })
}

function afterFunc<Y extends Yieldable>(
  ctx: Context,
  f: (() => void) | (() => Generator<Y, unknown, never>),
): () => boolean {
  const start = starter("context.afterFunc", f)
  const parent = checked(ctx)
  if (parent.afterFunc !== undefined) return parent.afterFunc(start)
  if (parent.err !== undefined) {
    start()
    return () => false
  }
  let isStopped = false
  const unwatch = watchForeign(parent, current, () => {
    isStopped = true
    start()
  })
  return () => {
    if (isStopped) return false
    isStopped = true
    unwatch()
    return true
  }
}

function checked(parent: Context): Context {
  if (typeof (parent as Partial<Context> | null | undefined)?.value === "function") return parent
  throw new ContextMisuse("context: cannot create context from nil parent; pass a context or context.background", {
    parent,
  })
}

function checkedDate(deadline: Date): Date {
  if (deadline instanceof Date && !Number.isNaN(deadline.getTime())) return deadline
  throw new ContextMisuse("context: withDeadline needs a valid Date; for a duration use withTimeout", { deadline })
}

const background: Context = /* @__PURE__ */ new ContextNode(undefined, { canEnd: false })

/**
 * Go's package context.
 *
 * Laws
 * - Cancelling goes down, never up, and synchronously; the first cause wins, twice is harmless.
 * - A deadline is the earlier of the parent's and one's own; a past one is done at once.
 * - A timer is held only while somebody watches. For a `signal` alone it keeps no process up (as `AbortSignal.timeout`'s), but while a
 *   goroutine lives that may wait for what the signal ends.
 * - An infinite timeout is no deadline; one beyond the last `Date` says that one, and is waited for in full.
 *
 * Errors: `err` is {@link ContextCanceled} or {@link DeadlineExceeded}.
 *
 * @example
 * const [ctx, cancel] = context.withTimeout(context.background, "2 seconds")
 * try {
 *   const response = yield* Op.fromPromise(() => fetch(url, { signal: ctx.signal }))
 * } finally {
 *   cancel()
 * }
 *
 * @see Go: package context
 * @since 0.1.0
 */
export const context: {
  /** Never done: the root. */
  readonly background: Context
  readonly withCancel: typeof withCancel
  readonly withDeadline: typeof withDeadline
  readonly withTimeout: typeof withTimeout
  readonly withValue: typeof withValue
  /** Keeps the values and nothing else. */
  readonly withoutCancel: typeof withoutCancel
  /** Runs `f` in a goroutine of its own once `ctx` is done; the answer stops that, and says whether it did. */
  readonly afterFunc: typeof afterFunc
} = { background, withCancel, withDeadline, withTimeout, withValue, withoutCancel, afterFunc }
