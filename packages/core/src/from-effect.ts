import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import { failure } from "./failure.ts"
import { NotReady } from "./not-ready.ts"
import { Op } from "./op.ts"
import { asNobody, current, type Processor } from "./processor.ts"
import { StackProbe } from "./stack-probe.ts"
import { WaitList } from "./wait-list.ts"
import type { Waiter } from "./waiter.ts"

/**
 * Runs an effect in a fiber of its own, from commit to its exit. The fiber waits outside Weft, so it counts as something that can
 * still wake.
 *
 * Withdrawing interrupts the fiber; the withdrawal ends once its finalizers have run.
 */
export class FromEffect<A, E, R> extends Op<A, E> {
  declare private readonly effect: Effect.Effect<A, E, R>
  /** Left out: those of the run that commits it. */
  declare private readonly services: Context.Context<R> | undefined

  constructor(effect: Effect.Effect<A, E, R>, services: Context.Context<R> | undefined) {
    super()
    this.effect = effect
    this.services = services
  }

  get name(): string {
    return "effect"
  }

  poll(): unknown {
    return NotReady
  }

  override get startsWork(): boolean {
    return true
  }

  enqueue(waiter: Waiter): void {
    const work = new Work(waiter)
    waiter.slot = work
    const services = this.services ?? current.current?.services ?? Context.empty()
    const fiber = asNobody(() => Effect.runForkWith(services as Context.Context<R>)(this.effect))
    work.fiber = fiber
    fiber.addObserver((exit) => work.ended(exit))
    // Withdrawn by the effect's own first steps, when there was no fiber to interrupt yet.
    if (work.waiter === null) asNobody(() => fiber.interruptUnsafe())
  }

  dequeue(waiter: Waiter): void | Op<unknown, unknown> {
    const work = waiter.slot as Work
    waiter.slot = undefined
    work.waiter = null
    asNobody(() => work.fiber?.interruptUnsafe())
    return work.hasEnded ? undefined : new WorkEnd(work)
  }
}

/** One commit: its fiber, once there is one, and who waits for it; nobody after a withdrawal. */
class Work {
  readonly #processor: Processor
  readonly ends: WaitList = new WaitList()
  waiter: Waiter | null
  fiber: Fiber.Fiber<unknown, unknown> | undefined
  hasEnded = false

  constructor(waiter: Waiter) {
    this.waiter = waiter
    this.#processor = waiter.processor
    this.#processor.outside++
  }

  ended(exit: Exit.Exit<unknown, unknown>): void {
    this.#processor.outside--
    this.hasEnded = true
    this.ends.commitAll(undefined)
    if (this.waiter !== null) this.#processor.arrived(() => this.deliver(exit))
  }

  private deliver(exit: Exit.Exit<unknown, unknown>): void {
    const { waiter } = this
    if (waiter === null) return
    this.waiter = null
    waiter.slot = undefined
    if (exit._tag === "Success") waiter.commit(exit.value)
    else waiter.fail(errorOf(exit.cause))
  }
}

/** Ready once a withdrawn effect has run its finalizers. */
class WorkEnd extends Op<void> {
  declare private readonly work: Work

  constructor(work: Work) {
    super()
    this.work = work
  }

  get name(): string {
    return "effect finalizers"
  }
  poll(): unknown {
    return this.work.hasEnded ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    if (this.work.hasEnded) waiter.commit(undefined)
    else this.work.ends.push(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.work.ends.remove(waiter)
  }
}

function errorOf(cause: Cause.Cause<unknown>): unknown {
  for (const reason of cause.reasons) if (reason._tag === "Fail") return failure(reason.error)
  return Cause.squash(cause)
}

let arePatched = false

/**
 * The iterator of a plain Effect has no `throw` (effect 4.1), so a failure thrown at `yield* effect` would surface as a TypeError.
 * Adds one to its prototype, once, when the first plain Effect is yielded. See docs/decisions/0003-throw-into-effects.md.
 */
export function letEffectsBeThrownInto(): void {
  if (arePatched) return
  arePatched = true
  const prototype = Object.getPrototypeOf(Effect.void[Symbol.iterator]()) as object
  if ("throw" in prototype) return
  Object.defineProperty(prototype, "throw", { configurable: true, writable: true, value: throwInto })
}

function throwInto(this: { value: unknown }, error: unknown): { done: false; value: unknown } {
  if (!(error instanceof StackProbe)) throw error
  error.capture(throwInto)
  return { done: false, value: this.value }
}
