/**
 * Op: the one way to block (Concurrent ML's event).
 *
 * An op is its own iterator and its own iterator result: `yield* op` polls in `[Symbol.iterator]`, and if that completed, the first
 * `next()` answers `{ done: true, value }`: the generator is never suspended and nothing is allocated. Otherwise the op itself is
 * yielded, by identity the result object, and whoever runs the generator parks it: a goroutine by `enqueue`, an Effect fiber
 * through `evaluate` (op-in-effect.ts). Nothing runs between `next()` returning and the generator reading `done` and `value`, so one object can
 * serve commit after commit; only a commit that starts while another is under way gets an object of its own.
 *
 * One file because those objects, `Again` and `Mapped`, are ops too, and `Op` makes them: apart, each file would need the other first.
 *
 * Invariants:
 *   1. phase is Idle exactly when no commit of this object is under way.
 *   2. `poll` and `enqueue` of one commit are called with nothing in between, unless the poll was put off (budget), in which
 *      case the goroutine's next step polls.
 */
import type * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import * as Fiber from "effect/Fiber"
import { accessed } from "./accessed.ts"
import { CallbackWaiter } from "./callback-waiter.ts"
import type { fromAbortSignal } from "./from-abort-signal.ts"
import type { fromPromise } from "./from-promise.ts"
import { shownAs } from "./inspect.ts"
import { NotReady } from "./not-ready.ts"
import { commitInFiber, FiberCommit } from "./op-in-effect.ts"
import type { make } from "./op-make.ts"
import { OutsideRuntime } from "./panic.ts"
import { Phase } from "./phase.ts"
import { current, defaultProcessor, type Processor } from "./processor.ts"
import { StackProbe } from "./stack-probe.ts"
import type { Waiter } from "./waiter.ts"

const Base: new <A, E>() => Effect.Effect<A, E> = (() => {
  const Base = function () {}
  Base.prototype = Effectable.Prototype<Op<unknown, unknown>>({
    label: "Op",
    evaluate(fiber) {
      return commitInFiber(this, fiber)
    },
  })
  return Base as never
})()

/**
 * A value that says "I can happen, at most once per commit": everything that can block is one.
 *
 * Laws
 * - Making an op does nothing. Committing it waits until it can happen and makes it happen exactly once.
 * - An op may be committed again, and by several at the same time.
 * - A commit that was cancelled, or that lost a select, has taken nothing.
 *
 * There are three ways to commit one: `yield* op` in a goroutine; `yield* op` or any combinator in an Effect; `select({ name: op })`.
 * In plain async code `op.promise()` commits it.
 *
 * To bring your own, extend this class or use `Op.make`: `poll` completes now or changes nothing; `enqueue` registers a waiter,
 * `dequeue` withdraws it; `finish` makes the result from what `poll` returned or `commit` was given, in the goroutine that waited.
 *
 * @see CML: event (Reppy 1991)
 * @since 0.1.0
 */
export abstract class Op<out A, out E = never> extends Base<A, E> {
  /**
   * A new kind of op.
   *
   * @example
   * const opened = Op.make<void>({
   *   name: "door",
   *   poll: () => (isOpen ? undefined : NotReady),
   *   enqueue: (waiter) => waiting.push(waiter),
   *   dequeue: (waiter) => waiting.remove(waiter),
   * })
   */
  declare static readonly make: typeof make
  /**
   * Waits for a promise. A function is called on commit, with a signal that aborts when the op is withdrawn: pass it to `fetch`.
   *
   * @example
   * const response = yield* Op.fromPromise((signal) => fetch(url, { signal }))
   */
  declare static readonly fromPromise: typeof fromPromise
  /** Ready once the signal has aborted; gives its reason. */
  declare static readonly fromAbortSignal: typeof fromAbortSignal
  /**
   * Runs an effect on commit; interrupts it when the op is withdrawn or loses a select. Its services are those of the `run` that commits
   * it (`run(main, { services })`), which the types don't check here.
   */
  declare static readonly fromEffect: <A, E, R>(effect: Effect.Effect<A, E, R>) => Op<A, E>

  /** The iterator result: this object answers `next()` with itself. */
  declare protected done: boolean
  declare protected value: unknown
  declare protected phase: number

  static {
    shownAs<Op<unknown, unknown>>(this, ({ detail, name }) => `Op ${name}${detail === undefined ? "" : `: ${detail}`}`)
  }

  constructor() {
    super()
    this.done = false
    this.value = undefined
    this.phase = Phase.Idle
  }

  /** The wait reason, in Go's words: "chan receive", "sync.WaitGroup.Wait". */
  abstract get name(): string

  /** Completes now, or answers `NotReady` and changes nothing. */
  abstract poll(): unknown

  /** Registers somebody who waits. May commit him at once. */
  abstract enqueue(waiter: Waiter): void

  /**
   * Withdraws a waiter that was neither committed nor failed. Where withdrawing takes time (an effect's finalizers, a scope's
   * goroutines), it answers an op for its end: a cancelled goroutine waits for that before its own `finally` blocks run.
   */
  abstract dequeue(waiter: Waiter): void | Op<unknown, unknown>

  /** Makes the op's result from a raw value. Runs in whoever committed the op, so it may throw. */
  finish(raw: unknown): A {
    return raw as A
  }

  /** More about what is waited for, for reports: "capacity 3, 3 buffered, 2 receivers". */
  get detail(): string | undefined {
    return undefined
  }

  /**
   * What it waits on: a channel, a lock, a goroutine; an array where it is several; undefined where that is not known.
   *
   * Law: `poll`, `enqueue` and `dequeue` read and change only the state of these, and whoever else does so says {@link accessed}.
   */
  get on(): object | undefined {
    return undefined
  }

  /**
   * The goroutines, by number, of which one must do something for it to happen: whom it joins, who holds the lock. Undefined where anybody might.
   *
   * For reports: a ring of goroutines that wait for one another is a deadlock, though the rest of the program runs on.
   */
  get wakers(): ReadonlyArray<number> | undefined {
    return undefined
  }

  /**
   * Whether `enqueue` or `dequeue` runs code of the user's: a promise's function, an effect, a fiber that is let go on. A select enqueues
   * such cases last, and withdraws them last: that code may do what another case waits for.
   */
  get startsWork(): boolean {
    return false
  }

  /** The same op with its result changed by `f`, which runs in whoever commits it. */
  map<B>(f: (value: A) => B): Op<B, E> {
    return new Mapped(this, f)
  }

  /**
   * Commits the op from plain async code.
   *
   * @throws (as a rejection) what the op fails with; the signal's reason once it aborts, and then the op has taken nothing. Where withdrawing
   * takes time, that comes at its end.
   */
  promise(signal?: AbortSignal): Promise<A> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) throw signal.reason
      accessed(this.on)
      const raw = this.poll()
      if (raw !== NotReady) return resolve(this.finish(raw))
      const withdraw = () => {
        settled()
        const withdrawn = () => reject(signal?.reason as Error)
        const ending = this.dequeue(waiter)
        if (ending === undefined) withdrawn()
        else ending.promise().then(withdrawn, reject)
      }
      const settled = () => signal?.removeEventListener("abort", withdraw)
      const waiter = new CallbackWaiter(
        defaultProcessor,
        (raw) => {
          settled()
          try {
            resolve(this.finish(raw))
          } catch (error) {
            reject(error)
          }
        },
        (error) => {
          settled()
          reject(error)
        },
      )
      signal?.addEventListener("abort", withdraw)
      this.enqueue(waiter)
    })
  }

  override [Symbol.iterator](): OpIterator<A, E> {
    if (this.phase !== Phase.Idle) return new Again<A, A, E>(this)[Symbol.iterator]()
    const processor = current
    if (processor.current === null) return this.inFiber(processor)
    if (--processor.ticks < 0 && processor.putOff(this)) return this.yieldSelf()
    const raw = this.poll()
    if (raw === NotReady) return this.yieldSelf()
    this.done = true
    this.value = this.finish(raw)
    return this.asIterator()
  }

  next(raw?: unknown): IteratorResult<Op<A, E>, A> {
    if (this.phase === Phase.Yielded) {
      this.phase = Phase.Idle
      this.done = true
      this.value = this.finish(raw)
    } else if (this.phase === Phase.Polled) this.phase = Phase.Yielded
    return this as unknown as IteratorResult<Op<A, E>, A>
  }

  throw(error: unknown): IteratorResult<Op<A, E>, A> {
    if (error instanceof StackProbe) {
      error.capture(Reflect.get(Op.prototype, "throw"))
      // Not done: the generator stays suspended exactly where it was. Not this object, which may have been committed again since.
      return { done: false, value: this }
    }
    this.phase = Phase.Idle
    throw error
  }

  /** Ends a commit that will not be resumed: its goroutine is unwinding. */
  abandon(): void {
    this.phase = Phase.Idle
    this.value = undefined
  }

  /**
   * @internal Whether a fiber has it from its own iteration, which took it for the goroutine's: `Effect.runFork` in a goroutine's body runs
   * a fiber inside that one's step.
   */
  get isYieldedToFiber(): boolean {
    return this.phase === Phase.Yielded && current.yielded === this
  }

  /** @internal What the iteration is resumed with is this result, and must not be finished again. */
  deliver(result: A): void {
    this.phase = Phase.Delivered
    this.done = true
    this.value = result
  }

  protected yieldSelf(): OpIterator<A, E> {
    this.phase = Phase.Polled
    this.done = false
    this.value = this
    current.yielded = this
    return this.asIterator()
  }

  protected asIterator(): OpIterator<A, E> {
    return this
  }

  protected inFiber(processor: Processor): OpIterator<A, E> {
    if (Fiber.getCurrent() === undefined) throw new OutsideRuntime(this.name)
    return new FiberCommit<A, E>(this, --processor.ticks >= 0 || !processor.putOff(this))
  }
}

/** @since 0.1.0 */
export interface OpIterator<A, E> {
  next(...args: ReadonlyArray<unknown>): IteratorResult<Op<A, E>, A>
}

/** Another commit of an op while one is under way: delegates all but the iteration. */
class Again<A, B, E> extends Op<B, E> {
  declare protected readonly op: Op<A, E>

  constructor(op: Op<A, E>) {
    super()
    this.op = op
  }

  get name(): string {
    return this.op.name
  }
  override get detail(): string | undefined {
    return this.op.detail
  }
  override get startsWork(): boolean {
    return this.op.startsWork
  }
  override get on(): object | undefined {
    return this.op.on
  }
  override get wakers(): ReadonlyArray<number> | undefined {
    return this.op.wakers
  }
  poll(): unknown {
    return this.op.poll()
  }
  enqueue(waiter: Waiter): void {
    this.op.enqueue(waiter)
  }
  dequeue(waiter: Waiter): void | Op<unknown, unknown> {
    return this.op.dequeue(waiter)
  }
  override finish(raw: unknown): B {
    return this.op.finish(raw) as unknown as B
  }
}

class Mapped<A, B, E> extends Again<A, B, E> {
  declare private readonly f: (value: A) => B

  constructor(op: Op<A, E>, f: (value: A) => B) {
    super(op)
    this.f = f
  }

  override finish(raw: unknown): B {
    return this.f(this.op.finish(raw))
  }
}
