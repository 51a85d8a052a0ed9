/**
 * ContextNode: one context in the tree along which cancellation, deadlines and values go down.
 *
 * Pull and push: a context that nobody watches (no waiter, afterFunc, signal, or watched child) holds no timer and stands in no list;
 * it finds out that it is done when asked, from its deadline and its parent. Watching links it to its parent and arms its deadline. So a
 * forgotten context keeps nothing alive, which Go's can't say of a child that is never cancelled.
 *
 * Invariants:
 *   1. `#end` is set once; the earliest cause by time wins, however late it is found out.
 *   2. #watchers not empty and not done implies: linked to the parent, and the own deadline is armed.
 *   3. One that can't end keeps nobody who waits for that: neither watcher nor waiter.
 */
import { accessed } from "./accessed.ts"
import { Alarm } from "./alarm.ts"
import { CallbackWaiter } from "./callback-waiter.ts"
import type { Context } from "./context.ts"
import { ContextCanceled, DeadlineExceeded } from "./context-error.ts"
import { NotReady } from "./not-ready.ts"
import { Op } from "./op.ts"
import { current, type Processor } from "./processor.ts"
import { WaitList } from "./wait-list.ts"
import type { Waiter } from "./waiter.ts"

interface End {
  readonly err: Error
  readonly cause: unknown
  /** By the processor's clock. */
  readonly at: number
}

export class ContextNode implements Context {
  readonly #processor: Processor
  readonly #parent: Context | undefined
  readonly #key: unknown
  readonly #value: unknown
  /** By the processor's clock; Infinity if none of its own. */
  readonly #deadlineAt: number
  readonly #deadlineCause: unknown
  #end: End | undefined
  #waiters: WaitList | undefined
  #watchers: Set<() => void> | undefined
  #unlink: (() => void) | undefined
  #timer: Alarm | undefined
  #controller: AbortController | undefined
  /** Background, and what hangs on it without a cancel of its own, can't: it inherits values alone. */
  readonly canEnd: boolean

  constructor(
    parent: Context | undefined,
    options: { key?: unknown; value?: unknown; deadlineAt?: number; cause?: unknown; canEnd?: boolean } = {},
  ) {
    this.canEnd = options.canEnd ?? true
    this.#processor = current
    this.#parent = parent
    this.#key = options.key
    this.#value = options.value
    this.#deadlineAt = options.deadlineAt ?? Infinity
    this.#deadlineCause = options.cause
  }

  get done(): Op<void> {
    return new Done(this)
  }

  get err(): Error | undefined {
    accessed(this)
    return this.#ended()?.err
  }

  get cause(): unknown {
    accessed(this)
    return this.#ended()?.cause
  }

  get deadline(): Date | undefined {
    const inherited = this.canEnd ? this.#parent?.deadline : undefined
    if (this.#deadlineAt === Infinity) return inherited
    const { clock } = this.#processor
    const own = new Date(clock.wallNow() + (this.#deadlineAt - clock.now()))
    return inherited !== undefined && inherited < own ? inherited : own
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = (this.#controller = new AbortController())
      const abort = () => controller.abort(this.cause)
      if (this.#ended() !== undefined) abort()
      else this.watch(abort)
    }
    return this.#controller.signal
  }

  value(key: unknown): unknown {
    return this.#key !== undefined && Object.is(key, this.#key) ? this.#value : this.#parent?.value(key)
  }

  /** What it and those above it carry, the nearest value of each key first. */
  get values(): ReadonlyMap<unknown, unknown> {
    const above = this.#parent === undefined ? new Map<unknown, unknown>() : valuesOf(this.#parent)
    return this.#key === undefined ? above : new Map([...above, [this.#key, this.#value]])
  }

  cancel(cause: unknown): void {
    accessed(this)
    if (this.#ended() !== undefined) return
    const err = new ContextCanceled()
    this.#finish({ err, cause: cause === undefined ? err : cause, at: this.#processor.clock.now() })
  }

  /** Calls `watcher` once the context is done; the answer takes it back. Not for one that is done. */
  watch(watcher: () => void): () => boolean {
    accessed(this)
    if (!this.canEnd) return nothingToStop()
    const watchers = (this.#watchers ??= new Set())
    if (watchers.size === 0 && (this.#waiters?.isEmpty ?? true)) this.#link()
    watchers.add(watcher)
    return () => {
      accessed(this)
      const wasThere = watchers.delete(watcher)
      this.#unlinkIfUnwatched()
      return wasThere
    }
  }

  addWaiter(waiter: Waiter): void {
    if (!this.canEnd) return
    const waiters = (this.#waiters ??= new WaitList())
    const wasWatched = !waiters.isEmpty || (this.#watchers?.size ?? 0) > 0
    waiters.push(waiter)
    if (!wasWatched) this.#link()
  }

  removeWaiter(waiter: Waiter): void {
    this.#waiters?.remove(waiter)
    this.#unlinkIfUnwatched()
  }

  afterFunc(f: () => void): () => boolean {
    if (this.#ended() === undefined) return this.watch(f)
    f()
    return () => false
  }

  /** How it ended, if it has: finds out now if nobody did before. */
  #ended(): End | undefined {
    if (this.#end !== undefined) return this.#end
    const own = this.#deadlineAt <= this.#processor.clock.now() ? this.#deadlineEnd() : undefined
    const inherited = this.#parentEnd()
    const end = own === undefined || (inherited !== undefined && inherited.at < own.at) ? inherited : own
    if (end !== undefined) this.#finish(end)
    return this.#end
  }

  #deadlineEnd(): End {
    const err = new DeadlineExceeded()
    return { err, cause: this.#deadlineCause === undefined ? err : this.#deadlineCause, at: this.#deadlineAt }
  }

  #parentEnd(): End | undefined {
    const parent = this.#parent
    if (parent === undefined || !this.canEnd) return undefined
    if (isNode(parent)) return parent.#ended()
    const { err } = parent
    return err === undefined ? undefined : { err, cause: parent.cause ?? err, at: this.#processor.clock.now() }
  }

  #finish(end: End): void {
    this.#end = end
    this.#unwatch()
    const watchers = this.#watchers
    this.#watchers = undefined
    this.#waiters?.commitAll(undefined)
    if (watchers === undefined) return
    const all = [...watchers]
    // First: whoever takes his watcher back from now on is told that it was too late.
    watchers.clear()
    const errors: Array<unknown> = []
    for (const watcher of all) {
      try {
        watcher()
      } catch (error) {
        errors.push(error)
      }
    }
    // All have heard of it, children and signals too, before whoever cancelled hears of a watcher that threw.
    if (errors.length > 0) throw errors[0]
  }

  /** Somebody watches: hear of the parent's end, and of the own deadline. */
  #link(): void {
    const parent = this.#parent
    const check = () => void this.#ended()
    if (isNode(parent)) this.#unlink = parent.watch(check)
    else if (parent?.afterFunc !== undefined) this.#unlink = parent.afterFunc(check)
    else if (parent !== undefined) this.#unlink = watchForeign(parent, this.#processor, check)
    if (this.#deadlineAt === Infinity) return
    this.#timer = new Alarm(check)
    this.#processor.startTimer(this.#timer, this.#deadlineAt - this.#processor.clock.now())
  }

  #unlinkIfUnwatched(): void {
    if ((this.#watchers?.size ?? 0) === 0 && (this.#waiters?.isEmpty ?? true)) this.#unwatch()
  }

  #unwatch(): void {
    this.#unlink?.()
    this.#unlink = undefined
    if (this.#timer !== undefined) this.#processor.stopTimer(this.#timer)
    this.#timer = undefined
  }
}

/** Outside of the class: inside it TypeScript names the class by a variable assigned after it, for which bundlers keep both. */
export const isNode = (ctx: Context | undefined): ctx is ContextNode => ctx instanceof ContextNode

/**
 * What a context carries, by key: for those who take it to another thread. Empty for a foreign one, which does not tell.
 *
 * @since 0.3.0
 */
export function valuesOf(ctx: Context): ReadonlyMap<unknown, unknown> {
  return isNode(ctx) ? ctx.values : new Map()
}

/** What takes back a call that will never come: true the first time. */
function nothingToStop(): () => boolean {
  let isStopped = false
  return () => !isStopped && (isStopped = true)
}

/** A foreign parent that has only `done`: waits for it like anybody else. */
export function watchForeign(parent: Context, processor: Processor, check: () => void): () => void {
  const { done } = parent
  let isOver = false
  const waiter = new CallbackWaiter(
    processor,
    () => {
      isOver = true
      check()
    },
    () => undefined,
  )
  done.enqueue(waiter)
  return () => {
    if (!isOver) done.dequeue(waiter)
    isOver = true
  }
}

class Done extends Op<void> {
  declare private readonly context: ContextNode

  constructor(context: ContextNode) {
    super()
    this.context = context
  }

  get name(): string {
    return "context done"
  }
  poll(): unknown {
    return this.context.err === undefined ? NotReady : undefined
  }
  enqueue(waiter: Waiter): void {
    this.context.addWaiter(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.context.removeWaiter(waiter)
  }
}
