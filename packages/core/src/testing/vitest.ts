/** The testing kit's functions as vitest's own: a thin layer, for any other runner the functions do. */
import { it as vitestIt, type TestAPI } from "vitest"
import type { Body, Yieldable } from "../body.ts"
import { explore, type ExploreOptions } from "./explore.ts"
import { synctest, type SynctestOptions } from "./synctest.ts"

/** Vitest's `it` with two more ways to make a test. @since 0.1.0 */
export interface WeftIt extends TestAPI {
  /**
   * A test that fails if any schedule of `program` does: {@link explore.check}.
   *
   * @example
   * it.explore("gives one value to one receiver", function* () {
   *   const ch = chan<number>(1)
   *   yield* ch.send(1)
   *   expect(yield* ch.receive()).toBe(1)
   * })
   * it.explore("in a thousand orders", { strategy: "pct", depth: 4 }, main)
   */
  readonly explore: {
    <Y extends Yieldable>(title: string, program: Body<unknown, Y>): void
    <Y extends Yieldable>(title: string, options: ExploreOptions, program: Body<unknown, Y>): void
  }
  /**
   * A test that runs `program` in virtual time: {@link synctest}.
   *
   * @example
   * it.synctest("gives up after a minute", function* () {
   *   const [ctx] = context.withTimeout(context.background, "1 minute")
   *   yield* ctx.done
   *   expect(ctx.err).toBeInstanceOf(DeadlineExceeded)
   * })
   */
  readonly synctest: {
    <Y extends Yieldable>(title: string, program: Body<unknown, Y>): void
    <Y extends Yieldable>(title: string, options: SynctestOptions, program: Body<unknown, Y>): void
  }
}

/** How long a search takes is up to its bounds, not to the runner. */
const noTimeLimit = { timeout: 0 }

/**
 * Vitest's `it`, and `it.explore`, `it.synctest`. Vitest's own is left as it is.
 *
 * @example
 * it.explore("loses nothing", main) // import { it } from "@weft/core/testing/vitest"
 *
 * @since 0.1.0
 */
export const it: WeftIt = /* @__PURE__ */ Object.assign(vitestIt.extend({}), {
  explore: (title: string, ...rest: [Body<unknown>] | [ExploreOptions, Body<unknown>]) => {
    const [options, program] = rest.length === 1 ? [{}, rest[0]] : rest
    vitestIt(title, noTimeLimit, () => explore.check(options, program))
  },
  synctest: (title: string, ...rest: [Body<unknown>] | [SynctestOptions, Body<unknown>]) => {
    const [options, program] = rest.length === 1 ? [{}, rest[0]] : rest
    vitestIt(title, noTimeLimit, () => synctest(program, options))
  },
})
