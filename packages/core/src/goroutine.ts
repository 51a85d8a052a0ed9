/**
 * Goroutine: a generator and a few words of state.
 *
 * It is its own waiter: parking links the goroutine itself into what it waits for.
 *
 *                       go
 *                        |            +------ put off, gosched -----+
 *                        v            v                             |
 *   parked --commit--> Runnable --step--> Running --not ready--> Waiting (enqueued with `op`)
 *                                             |
 *                                             +-- returns, throws, unwound --> Done
 *
 * One file because a step, a park and an interruption read and write the same few words.
 *
 * Invariants:
 *   1. Waiting means: `op` has this goroutine enqueued, and nothing else in the runtime holds it but its run's list.
 *   2. `resumption` says how the next step enters the generator; `slot` is what it brings along.
 *   3. An interruption never drops what was committed: a goroutine that was committed and has not run yet runs with its value up to
 *      its next op, and unwinds there.
 */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { accessed } from "./accessed.ts"
import { type Arrival, arrivalOfFiber, withArrival } from "./arrival.ts"
import { resume } from "./body.ts"
import { failure, isFailure } from "./failure.ts"
import { FromEffect, letEffectsBeThrownInto } from "./from-effect.ts"
// prettier-ignore
import {
  CancelRequested, Done, Failed, type GoroutineStatus, Interrupted, Live, Next, NotCancelled, Panicked,
  Poll, Returned, Runnable, Running, statusNames, Throw, Unwind, Unwinding, Waiting,
} from "./goroutine-status.ts"
import { shownAs } from "./inspect.ts"
import { ForJoiners, GoroutineInterrupted } from "./interrupted.ts"
import { explainNotIterable, invalidYield } from "./invalid-yield.ts"
import { Join } from "./join.ts"
import { NotReady } from "./not-ready.ts"
import { Op, type OpIterator } from "./op.ts"
import type { Processor } from "./processor.ts"
import type { Run } from "./run.ts"
import { StackProbe } from "./stack-probe.ts"
import { ownFrames } from "./start-site.ts"
import { WaitList } from "./wait-list.ts"
import { Waiter } from "./waiter.ts"

/** A name, or the body to take one from. */
export type Label = string | object

/**
 * A running, parked or ended goroutine: what `go` gives.
 *
 * `yield* goroutine` joins it.
 *
 * @since 0.1.0
 */
export class Goroutine<out A = unknown, out E = unknown> extends Waiter {
  declare readonly id: number
  declare readonly processor: Processor
  /** The generator that runs the body; null once it ended. */
  declare private generator: Generator<unknown, unknown, unknown> | null
  /** The op it is parked at. */
  declare private op: Op<unknown, unknown> | null
  declare private state: number
  declare private resumption: number
  declare private cancel: number
  declare private outcome: number
  declare private waitingSince: number
  declare private readonly label: Label
  /** The stack of the call that started it, if it was captured (see `run`'s `debug`). */
  declare readonly startedAt: string | undefined
  /** The number of the goroutine that started it; 0 if none did. */
  declare readonly parentId: number
  /** @internal In a pool's thread the task to which it belongs. */
  declare arrival: Arrival | null
  declare private joiners: WaitList | null
  declare private exitCallbacks: (() => void) | Array<() => void> | null
  /** Links of its run's list of live goroutines. */
  declare readonly run: Run
  declare older: Goroutine | null
  declare newer: Goroutine | null

  static {
    // By `state`: an exploration need not know that somebody looks.
    shownAs<Goroutine>(this, ({ id, name, state, waitReason }) => {
      const what = `${statusNames[state]!}${waitReason === undefined ? "" : `: ${waitReason}`}`
      return `Goroutine ${id}${name === "" ? "" : ` ${name}`} (${what})`
    })
  }

  /** Only `go`, `run` and their like make goroutines. */
  constructor(run: Run, generator: Generator<unknown, unknown, unknown>, label: Label, startedAt: string | undefined) {
    super()
    this.id = ++run.processor.ids.last
    this.processor = run.processor
    this.generator = generator
    this.op = null
    this.state = Runnable
    this.resumption = Next
    this.cancel = NotCancelled
    this.outcome = Live
    this.waitingSince = 0
    this.label = label
    this.startedAt = startedAt
    const starter = run.processor.current
    this.parentId = starter === null ? 0 : starter.id
    this.arrival = starter === null ? arrivalOfFiber() : starter.arrival
    this.joiners = null
    this.exitCallbacks = null
    this.run = run
    this.older = null
    this.newer = null
  }

  /** The name it was given, else its body's. */
  get name(): string {
    return typeof this.label === "string" ? this.label : ((this.label as { readonly name?: string }).name ?? "")
  }

  get status(): GoroutineStatus {
    accessed(this)
    return statusNames[this.state]!
  }

  /** What it waits for, in Go's words; undefined unless its status is "waiting". */
  get waitReason(): string | undefined {
    return this.state === Waiting ? this.op!.name : undefined
  }

  /** More about what it waits for: "capacity 3, 3 buffered". */
  get waitDetail(): string | undefined {
    return this.state === Waiting ? this.op!.detail : undefined
  }

  /** How long it has been waiting, in whole milliseconds. */
  get waitMillis(): number {
    return this.state === Waiting ? Math.max(0, ((this.processor.clock.now() | 0) - this.waitingSince) | 0) : 0
  }

  /** @internal When it was parked, in whole milliseconds of the processor's clock, cut to 32 bits; only while it waits. */
  get parkedAt(): number {
    return this.waitingSince
  }

  /** The stack at which it waits, innermost frame first, collected now; empty unless its status is "waiting". */
  get waitStack(): string {
    return this.state === Waiting ? this.suspendedStack : ""
  }

  /** @internal The op at which it is suspended: parked, put off, or committed and not resumed yet. */
  get suspendedAt(): Op<unknown, unknown> | null {
    return this.op
  }

  /** @internal */
  get isParked(): boolean {
    return this.state === Waiting
  }

  /** @internal Whether its next step polls the op first. */
  get isPutOff(): boolean {
    return this.resumption === Poll && this.state === Runnable
  }

  /** @internal The stack at which it is suspended. */
  get suspendedStack(): string {
    if (this.op === null || this.generator === null) return ""
    const probe = new StackProbe()
    this.generator.throw(probe)
    return probe.stack
  }

  /** @internal What its Effects find. */
  get services(): Context.Context<unknown> {
    const { services } = this.run
    return this.arrival === null ? services : withArrival(services, this.arrival)
  }

  /** How it ended; undefined while it has not. */
  get exit(): Exit.Exit<A, E> | undefined {
    accessed(this)
    switch (this.outcome) {
      case Returned:
        return Exit.succeed(this.slot as A)
      case Failed:
        return Exit.fail(this.slot as E)
      case Panicked:
        return Exit.die(this.slot)
      case Interrupted:
        return Exit.failCause(Cause.interrupt())
      default:
        return undefined
    }
  }

  /** Whether it is the main goroutine of its `run`. */
  get isMain(): boolean {
    return this.run.main === this
  }

  /** @internal */
  get isCancelRequested(): boolean {
    return this.cancel === CancelRequested
  }

  /**
   * Waits until it has ended and gives what it returned.
   *
   * A typed failure fails the join with it; an error thrown by the body is thrown here, and then it is no panic, as somebody knows of it.
   * A goroutine that was interrupted throws {@link GoroutineInterrupted}.
   */
  join(): Op<A, E> {
    return new Join<A, E>(this)
  }

  [Symbol.iterator](): OpIterator<A, E> {
    return this.join()[Symbol.iterator]()
  }

  /**
   * Asks it to end: it unwinds from the op at which it is parked, or from the next one that it comes to, running its `finally`
   * blocks, which may themselves wait. Once it has begun to unwind, or ended, this does nothing.
   *
   * @see Go has none; Kotlin: Job.cancel; Effect: Fiber.interrupt
   */
  interrupt(reason?: unknown): void {
    accessed(this)
    if (this.state === Done || this.cancel !== NotCancelled) return
    this.requestCancel(reason)
    if (this.state === Waiting) {
      const op = this.op!
      const withdrawal = this.withdrawFrom(op)
      // Withdrawn for good: the wait for its end is an op like any other, and no interruption reaches it.
      if (withdrawal instanceof Op) {
        op.abandon()
        this.op = withdrawal
        return withdrawal.enqueue(this)
      }
      this.unwind()
      const { processor } = this
      if (processor.hooks !== null) processor.hooks.unpark?.(this, processor.current)
      processor.readyWoken(this)
    } else if (this.state === Runnable && (this.resumption === Poll || this.op === null)) this.unwind()
    else if (this.state === Running) this.processor.ticks = 0
  }

  /** A third party's op may throw: that must not keep it, or those interrupted after it, from unwinding. */
  private withdrawFrom(op: Op<unknown, unknown>): void | Op<unknown, unknown> {
    try {
      return op.dequeue(this)
    } catch (error) {
      this.run.panicked(this, error)
    }
  }

  /** @internal Unwinds from the op just yielded, interrupted before or not. */
  exitNow(reason: unknown): void {
    this.requestCancel(reason)
    this.unwind()
    this.processor.readyWoken(this)
  }

  private requestCancel(reason: unknown): void {
    if (reason !== undefined) this.run.setInterruptReason(this, reason)
    this.cancel = CancelRequested
  }

  /** Calls `callback` when it has ended, however it ended; at once if it has. No goroutine's code may wait in it. */
  onExit(callback: () => void): void {
    if (this.state === Done) callback()
    else if (this.exitCallbacks === null) this.exitCallbacks = callback
    else if (typeof this.exitCallbacks === "function") this.exitCallbacks = [this.exitCallbacks, callback]
    else this.exitCallbacks.push(callback)
  }

  /** Whether it was interrupted, or ended itself by goexit or for a reason that its joiners are thrown. */
  get wasInterrupted(): boolean {
    return this.outcome === Interrupted
  }

  /** @internal How it ended, as a number of goroutine-status.ts: for tracers. */
  get ending(): number {
    return this.outcome
  }

  /** @internal What it failed or panicked with. */
  get thrown(): unknown {
    return this.slot
  }

  /** @internal The outcome as a join sees it: the result, or NotReady, or it throws. */
  pollExit(): unknown {
    switch (this.outcome) {
      case Live:
        return NotReady
      case Returned:
        return this.slot
      default:
        throw this.exitError()
    }
  }

  /** @internal Registers somebody who takes over what it ends with. */
  addJoiner(waiter: Waiter): void {
    if (this.state === Done) this.settle(waiter)
    else (this.joiners ??= new WaitList()).push(waiter)
  }

  /** @internal */
  removeJoiner(waiter: Waiter): void {
    this.joiners?.remove(waiter)
  }

  /** @internal */
  commit(raw: unknown): boolean {
    return this.wake(Next, raw)
  }

  /** @internal */
  fail(error: unknown): void {
    this.wake(Throw, error)
  }

  private wake(resumption: number, value: unknown): boolean {
    // Interrupted by a fiber that the same close or cancel resumed before it came to this one.
    if (this.state !== Waiting) return false
    this.slot = value
    this.resumption = this.cancel === CancelRequested ? Unwind : resumption
    this.state = Runnable
    const processor = this.processor
    if (processor.hooks !== null) processor.hooks.unpark?.(this, processor.current)
    processor.readyWoken(this)
    return true
  }

  private unwind(): void {
    this.state = Runnable
    this.resumption = Unwind
    this.slot = undefined
  }

  /** @internal Runs it until it parks, gives way or ends. */
  step(): void {
    const processor = this.processor
    this.state = Running
    if (processor.hooks !== null) processor.hooks.start?.(this)
    let result: IteratorResult<unknown, unknown>
    try {
      if (this.resumption === Next) {
        const value = this.slot
        this.slot = undefined
        if (this.cancel === CancelRequested) processor.ticks = 0
        result = resume.call(this.generator!, value)
      } else result = this.enter()
    } catch (error) {
      return this.end(isFailure(error) ? Failed : Panicked, error)
    }
    const yielded = processor.yielded
    if (yielded !== null) {
      processor.yielded = null
      // By identity: results are of as many shapes as there are ops, so reading one here would be slow.
      if (yielded === result) return this.park(yielded as Op<unknown, unknown>)
      // JavaScriptCore (Safari, Bun) puts what `yield*` hands on into a result of its own.
      if (result.value === yielded && result.done !== true) return this.park(yielded as Op<unknown, unknown>)
    }
    if (result.done === true) this.end(this.cancel === Unwinding ? Interrupted : Returned, result.value)
    else this.parkYielded(result.value)
  }

  /** Enters the generator in any way but the usual one. */
  private enter(): IteratorResult<unknown, unknown> {
    const value = this.slot
    this.slot = undefined
    switch (this.resumption) {
      case Throw:
        this.resumption = Next
        if (this.cancel === CancelRequested) this.processor.ticks = 0
        return this.generator!.throw(value)
      case Unwind:
        this.resumption = Next
        this.cancel = Unwinding
        this.op?.abandon()
        this.op = null
        return this.generator!.return(undefined)
      default: {
        this.resumption = Next
        const op = this.op!
        let raw: unknown
        try {
          raw = op.poll()
        } catch (error) {
          return this.generator!.throw(error)
        }
        if (raw !== NotReady) return this.generator!.next(raw)
        this.processor.yielded = op
        return op as unknown as IteratorResult<unknown, unknown>
      }
    }
  }

  private park(op: Op<unknown, unknown>): void {
    const processor = this.processor
    this.op = op
    if (processor.isPutOff) {
      processor.isPutOff = false
      this.state = Runnable
      this.resumption = this.cancel === CancelRequested ? Unwind : Poll
      if (processor.hooks !== null) processor.hooks.yield?.(this)
      return processor.ready(this)
    }
    if (this.cancel === CancelRequested) {
      this.unwind()
      return processor.ready(this)
    }
    this.state = Waiting
    this.waitingSince = processor.lastMillis
    if (processor.hooks !== null) processor.hooks.park?.(this, op)
    try {
      op.enqueue(this)
    } catch (error) {
      this.wake(Throw, error)
    }
  }

  private parkYielded(yielded: unknown): void {
    if (Effect.isEffect(yielded) && !(yielded instanceof Op)) {
      letEffectsBeThrownInto()
      return this.park(new FromEffect(yielded, this.services))
    }
    this.resumption = Throw
    this.state = Runnable
    const startedAt = this.startedAt === undefined ? undefined : ownFrames(this.startedAt)[0]
    const where = `in goroutine ${this.id}${this.name === "" ? "" : `, ${this.name}`}`
    this.slot = invalidYield(yielded, startedAt === undefined ? where : `${where}, started at ${startedAt}`)
    this.processor.ready(this)
  }

  private end(outcome: number, value: unknown): void {
    const processor = this.processor
    const unjoined = this.arrival?.id === this.id ? this.arrival.end() : undefined
    if (unjoined !== undefined && outcome === Returned) {
      outcome = Failed
      value = failure(unjoined.slot)
    }
    this.state = Done
    this.outcome = outcome
    this.slot = outcome === Panicked ? explainNotIterable(value) : value
    this.generator = null
    this.op = null
    if (processor.hooks !== null) processor.hooks.end?.(this)
    const joiners = this.joiners
    this.joiners = null
    const isJoined = joiners !== null && !joiners.isEmpty
    if (outcome === Panicked && !isJoined) this.run.panicked(this, this.slot)
    else if (outcome === Failed && !isJoined) this.run.failedUnjoined(this)
    if (joiners !== null)
      for (let waiter = joiners.shift(); waiter !== null; waiter = joiners.shift()) this.settle(waiter)
    const callbacks = this.exitCallbacks
    this.exitCallbacks = null
    if (typeof callbacks === "function") this.callBack(callbacks)
    else if (callbacks !== null) for (const callback of callbacks) this.callBack(callback)
    this.run.ended(this)
  }

  private callBack(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.run.panicked(this, error)
    }
  }

  private settle(waiter: Waiter): void {
    if (this.outcome === Returned) waiter.commit(this.slot)
    else waiter.fail(this.exitError())
  }

  private exitError(): unknown {
    this.run.joined(this)
    if (this.outcome === Interrupted) {
      const reason = this.run.interruptReason(this)
      return reason instanceof ForJoiners ? reason.error : new GoroutineInterrupted(this.id, this.name, reason)
    }
    return this.outcome === Failed ? failure(this.slot) : this.slot
  }
}
