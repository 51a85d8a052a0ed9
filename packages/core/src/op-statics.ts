/**
 * Puts Op's constructors on the class. They extend it, so it can't import them; their types stand in op.ts.
 */
import type * as Effect from "effect/Effect"
import { fromAbortSignal } from "./from-abort-signal.ts"
import { FromEffect } from "./from-effect.ts"
import { fromPromise } from "./from-promise.ts"
import { Op as OpClass } from "./op.ts"
import { make } from "./op-make.ts"

const fromEffect = <A, E, R>(effect: Effect.Effect<A, E, R>): OpClass<A, E> => new FromEffect(effect, undefined)

/**
 * The class and its constructors.
 *
 * @since 0.1.0
 */
export const Op: typeof OpClass = /* @__PURE__ */ Object.assign(OpClass, {
  make,
  fromPromise,
  fromAbortSignal,
  fromEffect,
})

/** @since 0.1.0 */
export type Op<A, E = never> = OpClass<A, E>
