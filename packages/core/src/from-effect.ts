import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { failure } from "./failure.ts"
import { NotReady } from "./not-ready.ts"
import { Op } from "./op.ts"
import { asNobody } from "./processor.ts"
import { StackProbe } from "./stack-probe.ts"
import type { Waiter } from "./waiter.ts"

/**
 * Runs an effect in a fiber of its own, from commit to its exit. The fiber waits outside Weft, so it counts as something that can
 * still wake.
 *
 * Withdrawing interrupts the fiber; the withdrawal ends once its finalizers have run.
 */
export class FromEffect<A, E, R> extends Op<A, E> {
  declare private readonly effect: Effect.Effect<A, E, R>
  declare private readonly services: Context.Context<R>

  constructor(effect: Effect.Effect<A, E, R>, services: Context.Context<R>) {
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

  enqueue(waiter: Waiter): void {
    waiter.processor.outside++
    const fiber = asNobody(() => Effect.runForkWith(this.services)(this.effect))
    waiter.slot = fiber
    fiber.addObserver((exit) => {
      waiter.processor.outside--
      if (waiter.slot !== fiber) return
      waiter.slot = undefined
      if (exit._tag === "Success") waiter.commit(exit.value)
      else waiter.fail(errorOf(exit.cause))
    })
  }

  dequeue(waiter: Waiter): void | Op<unknown, unknown> {
    const fiber = waiter.slot as Fiber.Fiber<A, E>
    waiter.slot = undefined
    asNobody(() => fiber.interruptUnsafe())
    return fiber.pollUnsafe() === undefined ? new FiberEnd(fiber) : undefined
  }
}

/** Ready once a fiber that was interrupted has run its finalizers. */
class FiberEnd extends Op<void> {
  declare private readonly fiber: Fiber.Fiber<unknown, unknown>

  constructor(fiber: Fiber.Fiber<unknown, unknown>) {
    super()
    this.fiber = fiber
  }

  get name(): string {
    return "effect finalizers"
  }
  poll(): unknown {
    return this.fiber.pollUnsafe() === undefined ? NotReady : undefined
  }
  enqueue(waiter: Waiter): void {
    waiter.slot = this.fiber.addObserver(() => waiter.commit(undefined))
  }
  dequeue(waiter: Waiter): void {
    ;(waiter.slot as () => void)()
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
  Object.defineProperty(prototype, "throw", {
    configurable: true,
    writable: true,
    value(this: { value: unknown }, error: unknown) {
      if (!(error instanceof StackProbe)) throw error
      error.capture()
      return { done: false, value: this.value }
    },
  })
}
