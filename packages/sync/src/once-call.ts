/**
 * OnceCall: one run of a function, in a goroutine of its own, for everybody who asks.
 *
 * Its callers only wait for it: one that is interrupted, or takes another case of its select, leaves, and the function runs on. In Go, too,
 * no caller can end it but the function itself.
 *
 *   Idle --the first caller waits--> Running --returned, threw, was interrupted--> Done
 *
 * Invariants, whenever no method of this file is running:
 *   1. The function is called once at most, in Running.
 *   2. A waiter implies Running.
 *   3. Done, nothing here holds the function.
 *
 * What was rejected stands in docs/decisions/0007-once-runs-apart-from-its-callers.md.
 */
import {
  accessed,
  generatorIn,
  go,
  type Goroutine,
  made,
  NotReady,
  Op,
  type Waiter,
  WaitList,
  type Yieldable,
} from "@weft/core"
import type { PlainOrBody } from "./body-op.ts"

const Idle = 0
const Running = 1
const Done = 2

/** The slot of the one that made it run. */
const First: unique symbol = Symbol("First")

export interface Thrown {
  readonly error: unknown
}

export abstract class OnceCall {
  protected value: unknown = undefined
  protected thrown: Thrown | undefined = undefined
  private phase: number = Idle
  /** The number of the goroutine that runs the function: the goroutine itself may be parked for ever. */
  private runner = 0
  private readonly waiters = new WaitList()
  private readonly caller: string

  constructor(caller: string) {
    this.caller = caller
    made(this)
  }

  /** What a call gives once it is done; throws what a call fails with. */
  protected abstract get result(): unknown

  /** Called once, when `value` or `thrown` is known and nobody has been told. */
  protected ended(): void {}

  /** Tells somebody who waited for the end; answers whether it told of the error. */
  protected abstract tell(waiter: Waiter, isFirst: boolean): boolean

  get name(): string {
    return `sync.${this.caller}`
  }

  get isIdle(): boolean {
    return this.phase === Idle
  }

  get detail(): string {
    if (this.phase === Done) return "done"
    return this.phase === Idle ? "not begun" : `run by goroutine ${this.runner}, ${this.waiters.length} waiting`
  }

  poll(): unknown {
    return this.phase === Done ? this.result : NotReady
  }

  enqueue(waiter: Waiter): void {
    this.waiters.push(waiter)
  }

  /** Makes `f` run, for `first` and those who come meanwhile. */
  begin(first: Waiter, f: PlainOrBody<unknown>): void {
    first.slot = First
    this.waiters.push(first)
    this.phase = Running
    const goroutine = go.named(f.name === "" ? this.caller : f.name, () => this.run(f) as Generator<never, void, never>)
    this.runner = goroutine.id
    // Not in its body: a goroutine that is interrupted before its first step runs none of it.
    goroutine.onExit(() => {
      if (this.phase === Running) this.end(undefined, { error: interruption(goroutine) })
    })
  }

  dequeue(waiter: Waiter): void {
    this.waiters.remove(waiter)
    waiter.slot = undefined
  }

  private *run(f: PlainOrBody<unknown>): Generator<Yieldable, void, unknown> {
    let value: unknown
    try {
      const made: unknown = f()
      const rest = generatorIn(this.caller, f, made)
      value = rest === undefined ? made : yield* rest
    } catch (error) {
      // With nobody there to hear of it, it is a panic, or a failure that nobody joined, as of any goroutine.
      if (!this.end(undefined, { error })) throw error
      return
    }
    this.end(value, undefined)
  }

  private end(value: unknown, thrown: Thrown | undefined): boolean {
    accessed(this)
    this.phase = Done
    this.value = value
    this.thrown = thrown
    this.ended()
    let isHeard = false
    for (const waiter of this.waiters.shiftAll()) {
      const isFirst = waiter.slot === First
      waiter.slot = undefined
      if (this.tell(waiter, isFirst)) isHeard = true
    }
    return isHeard
  }
}

/** What a join of a goroutine that was interrupted throws. */
function interruption(goroutine: Goroutine): unknown {
  try {
    return goroutine.join().poll()
  } catch (error) {
    return error
  }
}

/** Waits for the end of a call's run. */
export class OnceOp<A, E> extends Op<A, E> {
  declare protected readonly call: OnceCall

  constructor(call: OnceCall) {
    super()
    this.call = call
  }

  get name(): string {
    return this.call.name
  }
  override get detail(): string {
    return this.call.detail
  }
  override get on(): object {
    return this.call
  }
  override get startsWork(): boolean {
    return this.call.isIdle
  }
  poll(): unknown {
    return this.call.poll()
  }
  enqueue(waiter: Waiter): void {
    this.call.enqueue(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.call.dequeue(waiter)
  }
}
