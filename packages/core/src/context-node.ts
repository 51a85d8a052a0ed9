/**
 * ContextNode: one context in the tree along which cancellation, deadlines and values go down.
 *
 * Pull and push: a context that nobody watches (no waiter, afterFunc, signal, or watched child) holds no timer and stands in no list;
 * it finds out that it is done when asked, from its deadline and its parent. Watching links it to its parent and arms its deadline. So a
 * forgotten context keeps nothing alive, which Go's can't say of a child that is never cancelled.
 *
 * What goes up or down the tree is a loop: a chain of contexts may be longer than the stack is deep.
 *
 * Invariants:
 *   1. `#end` is set once; the earliest cause by time wins, however late it is found out.
 *   2. #watchers not empty and not done implies: linked to the parent, and the own deadline is armed.
 *   3. One that can't end keeps nobody who waits for that: neither watcher nor waiter.
 *   4. Its timer is an idle one of the processor's: alone it keeps no process up, as `AbortSignal.timeout`'s doesn't. Each that watches makes up
 *      for one of them (#needs), but a signal.
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

/** A child that is watched itself; or what is to be called. */
type Watcher = ContextNode | (() => void)

/** The last that a Date can tell. */
const lastDate = 8.64e15

interface End {
  readonly err: Error
  readonly cause: unknown
  /** By the processor's clock. */
  readonly at: number
}

export class ContextNode implements Context {
  readonly #processor: Processor
  readonly #parent: Context | undefined
  /** The parent, if it ends with that; the foreign context that those above it end with; and which of them has the earliest deadline. */
  readonly #above: ContextNode | undefined
  readonly #foreign: Context | undefined
  readonly #timed: ContextNode | undefined
  readonly #key: unknown
  readonly #value: unknown
  /** By the processor's clock; Infinity if none of its own. */
  readonly #deadlineAt: number
  /** The same since the Unix epoch, as it was given: the host's clock may be set, and tells no fractions, so one can't be had from the other. */
  readonly #date: number
  readonly #deadlineCause: unknown
  /** How it ends by its deadline, once somebody has asked after that. */
  #own: End | undefined
  #end: End | undefined
  #waiters: WaitList | undefined
  #watchers: Set<Watcher> | undefined
  /** How many watch, but signals; the waiters are one. Counted where its earliest deadline is. */
  #needs = 0
  /** From a foreign parent. */
  #unlink: (() => void) | undefined
  #timer: Alarm | undefined
  #controller: AbortController | undefined
  /** Background, and what hangs on it without a cancel of its own, can't: it inherits values alone. */
  readonly canEnd: boolean

  constructor(
    parent: Context | undefined,
    options: {
      key?: unknown
      value?: unknown
      deadlineAt?: number
      date?: number
      cause?: unknown
      canEnd?: boolean
    } = {},
  ) {
    this.canEnd = options.canEnd ?? true
    this.#processor = current
    this.#parent = parent
    this.#key = options.key
    this.#value = options.value
    this.#deadlineAt = options.deadlineAt ?? Infinity
    this.#date = options.date ?? Infinity
    this.#deadlineCause = options.cause
    if (this.canEnd) {
      if (!isNode(parent)) this.#foreign = parent
      else if (parent.canEnd) {
        this.#above = parent
        this.#foreign = parent.#foreign
        this.#timed = parent.#timed
      }
    }
    // One later than those above would have been left out.
    if (this.#deadlineAt !== Infinity) this.#timed = this
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
    const timed = this.#timed
    return timed === undefined
      ? this.#foreign?.deadline
      : new Date(Math.max(-lastDate, Math.min(lastDate, timed.#date)))
  }

  /** Until its deadline, by the processor's clock. */
  get millisLeft(): number {
    const timed = this.#timed
    return timed === undefined ? millisLeft(this.#foreign) : timed.#deadlineAt - timed.#processor.clock.now()
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = (this.#controller = new AbortController())
      const abort = () => controller.abort(this.cause)
      if (this.#ended() !== undefined) abort()
      else this.watch(abort, 0)
    }
    return this.#controller.signal
  }

  value(key: unknown): unknown {
    let node: Context | undefined = this
    for (; isNode(node); node = node.#parent) {
      if (node.#key !== undefined && Object.is(key, node.#key)) return node.#value
    }
    return node?.value(key)
  }

  /** What it and those above it carry, the nearest value of each key. */
  get values(): ReadonlyMap<unknown, unknown> {
    const values = new Map<unknown, unknown>()
    for (let node: Context | undefined = this; isNode(node); node = node.#parent) {
      if (node.#key !== undefined && !values.has(node.#key)) values.set(node.#key, node.#value)
    }
    return values
  }

  cancel(cause: unknown): void {
    accessed(this)
    if (this.#ended() !== undefined) return
    const err = new ContextCanceled()
    this.#finish({ err, cause: cause === undefined ? err : cause, at: this.#processor.clock.now() })
  }

  /** Calls `watcher` once the context is done; the answer takes it back. Not for one that is done. Needs 0: no process is kept up for it. */
  watch(watcher: () => void, needs: 0 | 1 = 1): () => boolean {
    accessed(this)
    if (!this.canEnd) return nothingToStop()
    // Of its own: the same function may be given twice.
    const entry = () => watcher()
    const wasWatched = this.#isWatched
    ;(this.#watchers ??= new Set()).add(entry)
    this.#need(needs)
    if (!wasWatched) this.#link()
    return () => {
      accessed(this)
      if (this.#watchers?.delete(entry) !== true) return false
      this.#need(-needs)
      this.#unwatch()
      return true
    }
  }

  addWaiter(waiter: Waiter): void {
    if (!this.canEnd) return
    const waiters = (this.#waiters ??= new WaitList())
    const wasWatched = this.#isWatched
    const isFirst = waiters.isEmpty
    waiters.push(waiter)
    if (isFirst) this.#need(1)
    if (!wasWatched) this.#link()
  }

  removeWaiter(waiter: Waiter): void {
    const waiters = this.#waiters
    // Empty once it has ended.
    if (waiters === undefined || waiters.head === null) return
    waiters.remove(waiter)
    if (!waiters.isEmpty) return
    this.#need(-1)
    this.#unwatch()
  }

  afterFunc(f: () => void): () => boolean {
    if (this.#ended() === undefined) return this.watch(f)
    f()
    return () => false
  }

  /** How it ended, if it has: finds out now if nobody did before. */
  #ended(): End | undefined {
    if (this.#end !== undefined) return this.#end
    // Downwards: those who watch one above it hear of it first.
    let due: ContextNode | undefined
    let node: ContextNode | undefined = this
    for (; node !== undefined && node.#end === undefined; node = node.#above) {
      if (node.#late() !== undefined || (node.#above === undefined && node.#foreign?.err !== undefined)) due = node
    }
    if (due === undefined && node === undefined) return undefined
    if (due !== undefined) due.#finish(due.#due()!)
    const end = this.#due()!
    this.#finish(end)
    return end
  }

  /** The earliest that has ended it, or one above it. */
  #due(): End | undefined {
    let due: End | undefined
    for (let node: ContextNode | undefined = this; node !== undefined; node = node.#above) {
      const end = node.#end ?? node.#late()
      if (end !== undefined && (due === undefined || end.at < due.at)) due = end
      if (node.#end !== undefined) return due
    }
    const err = this.#foreign?.err
    return due ?? (err && { err, cause: this.#foreign.cause ?? err, at: this.#processor.clock.now() })
  }

  #late(): End | undefined {
    if (this.#deadlineAt === Infinity || this.#deadlineAt > this.#processor.clock.now()) return undefined
    if (this.#own === undefined) {
      const err = new DeadlineExceeded()
      const cause = this.#deadlineCause === undefined ? err : this.#deadlineCause
      this.#own = { err, cause, at: this.#deadlineAt }
    }
    return this.#own
  }

  #finish(end: End): void {
    if (this.#end !== undefined) return
    this.#end = end
    this.#unwatch()
    const errors: Array<unknown> = []
    const next: Array<Watcher> = [this]
    for (let watcher = next.pop(); watcher !== undefined; watcher = next.pop()) {
      try {
        if (typeof watcher === "function") watcher()
        else {
          watcher.#end ??= watcher.#due()
          watcher.#disarm()
          const watchers = watcher.#watchers
          // First: whoever takes his watcher back from now on is told that it was too late.
          watcher.#watchers = undefined
          watcher.#waiters?.commitAll(undefined)
          if (watchers !== undefined) for (const each of [...watchers].reverse()) next.push(each)
        }
      } catch (error) {
        errors.push(error)
      }
    }
    // All have heard of it, children and signals too, before whoever cancelled hears of a watcher that threw.
    if (errors.length > 0) throw errors[0]
  }

  get #isWatched(): boolean {
    return this.#end === undefined && ((this.#watchers?.size ?? 0) > 0 || this.#waiters?.isEmpty === false)
  }

  #need(by: number): void {
    this.#needs += by
    if (this.#timed !== undefined) this.#timed.#processor.countIdle(-by)
  }

  /** Somebody watches: hear of the parent's end, and of the own deadline. */
  #link(): void {
    for (let next: ContextNode | undefined = this; next !== undefined;) {
      const node: ContextNode = next
      const processor = node.#processor
      const above = node.#above
      const foreign = node.#foreign
      const check = () => void node.#ended()
      next = undefined
      if (above !== undefined) {
        if (!above.#isWatched) next = above
        ;(above.#watchers ??= new Set()).add(node)
      } else if (foreign?.afterFunc !== undefined) node.#unlink = foreign.afterFunc(check)
      else if (foreign !== undefined) node.#unlink = watchForeign(foreign, processor, check)
      // The foreign one has called back at once.
      if (node.#deadlineAt === Infinity || node.#end !== undefined) continue
      node.#timer = new Alarm(check)
      processor.startTimer(node.#timer, node.#deadlineAt - processor.clock.now())
      processor.countIdle(1)
    }
  }

  #disarm(): void {
    this.#unlink?.()
    this.#unlink = undefined
    if (this.#needs > 0) this.#need(-this.#needs)
    if (this.#timer === undefined) return
    this.#processor.stopTimer(this.#timer)
    this.#processor.countIdle(-1)
    this.#timer = undefined
  }

  /** While nobody watches: lets go of its parent, which does the same. */
  #unwatch(): void {
    for (let node: ContextNode | undefined = this; node !== undefined && !node.#isWatched; node = node.#above) {
      node.#disarm()
      const above: ContextNode | undefined = node.#above
      if (above !== undefined && above.#watchers?.delete(node) !== true) return
    }
  }
}

/** Outside of the class: inside it TypeScript names the class by a variable assigned after it, for which bundlers keep both. */
export const isNode = (ctx: Context | undefined): ctx is ContextNode => ctx instanceof ContextNode

/** Until its deadline; Infinity if it has none. */
export function millisLeft(ctx: Context | undefined): number {
  if (isNode(ctx)) return ctx.millisLeft
  return (ctx?.deadline?.getTime() ?? Infinity) - current.clock.wallNow()
}

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
