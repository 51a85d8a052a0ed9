/** Contexts that are not Weft's own, as a caller may bring them. */
import { type Context, NotReady, Op, WaitList } from "@weft/core"

/** Hands everything on to another context, but for `afterFunc`: whoever watches it has only `done`. */
export class Wrapped implements Context {
  readonly inner: Context

  constructor(inner: Context) {
    this.inner = inner
  }

  get done(): Op<void> {
    return this.inner.done
  }
  get err(): Error | undefined {
    return this.inner.err
  }
  get cause(): unknown {
    return this.inner.cause
  }
  get deadline(): Date | undefined {
    return this.inner.deadline
  }
  get signal(): AbortSignal {
    return this.inner.signal
  }
  value(key: unknown): unknown {
    return this.inner.value(key)
  }
}

/** Hands everything on, and knows who watches. */
export class Counted extends Wrapped {
  readonly watchers = new Set<() => void>()

  afterFunc(f: () => void): () => boolean {
    const once = () => {
      this.watchers.delete(once)
      f()
    }
    this.watchers.add(once)
    const stop = this.inner.afterFunc!(once)
    return () => {
      this.watchers.delete(once)
      return stop()
    }
  }
}

/** On its own: cancelled by hand, with an `err` and no cause but that. */
export class OwnContext implements Context {
  err: Error | undefined = undefined
  readonly deadline = undefined
  readonly waiters = new WaitList()

  get done(): Op<void> {
    return Op.make<void>({
      name: "own context done",
      poll: () => (this.err === undefined ? NotReady : undefined),
      enqueue: (waiter) => this.waiters.push(waiter),
      dequeue: (waiter) => this.waiters.remove(waiter),
    })
  }
  get cause(): unknown {
    return this.err
  }
  get signal(): AbortSignal {
    throw new Error("nobody should need the signal")
  }
  value(): unknown {
    return undefined
  }
  cancel(err: Error): void {
    if (this.err !== undefined) return
    this.err = err
    this.waiters.commitAll(undefined)
  }
}

/** On its own, with an `afterFunc`; nobody should wait for its `done`. */
export class OwnAfterFunc extends OwnContext {
  readonly functions = new Set<() => void>()

  override get done(): Op<void> {
    throw new Error("afterFunc is there to be used")
  }
  afterFunc(f: () => void): () => boolean {
    this.functions.add(f)
    return () => this.functions.delete(f)
  }
  override cancel(err: Error): void {
    super.cancel(err)
    const functions = [...this.functions]
    this.functions.clear()
    for (const f of functions) f()
  }
}

export const isDone = (ctx: Context): boolean => ctx.done.poll() !== NotReady
