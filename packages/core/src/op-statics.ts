import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import { fromAbortSignal } from "./from-abort-signal.ts"
import { FromEffect } from "./from-effect.ts"
import { fromPromise } from "./from-promise.ts"
import { Op as OpClass } from "./op.ts"
import { make } from "./op-make.ts"

/** @since 0.1.0 */
export interface OpStatics {
  /**
   * A new kind of op.
   *
   * @example
   * const opened = Op.make<void>({ name: "door", poll: () => (isOpen ? undefined : NotReady), enqueue: (w) => list.push(w), dequeue: (w) => list.remove(w) })
   */
  readonly make: typeof make
  /**
   * Waits for a promise. A function is called on commit, with a signal that aborts when the op is withdrawn: pass it to `fetch`.
   *
   * @example
   * const response = yield* Op.fromPromise((signal) => fetch(url, { signal }))
   */
  readonly fromPromise: typeof fromPromise
  /** Ready once the signal has aborted; gives its reason. */
  readonly fromAbortSignal: typeof fromAbortSignal
  /** Runs an effect on commit; interrupts it when the op is withdrawn or loses a select. */
  readonly fromEffect: <A, E>(effect: Effect.Effect<A, E>) => OpClass<A, E>
}

/**
 * The class and its constructors: see {@link OpClass}.
 *
 * @since 0.1.0
 */
export const Op: typeof OpClass & OpStatics = /* @__PURE__ */ Object.assign(OpClass, {
  make,
  fromPromise,
  fromAbortSignal,
  fromEffect: <A, E>(effect: Effect.Effect<A, E>): OpClass<A, E> => new FromEffect(effect, Context.empty()),
})

/** @since 0.1.0 */
export type Op<A, E = never> = OpClass<A, E>
