import type * as Context from "effect/Context"
import type { Body, Yieldable } from "../body.ts"
import { checkOptions, InvalidOption } from "../invalid-option.ts"
import { Schedules } from "./schedules.ts"
import { InOrderStrategy } from "./strategy/in-order.ts"

/** @since 0.1.0 */
export interface SynctestOptions {
  /** Which ready case each select takes. 1 if left out. */
  readonly seed?: number
  /** Most steps; more are a {@link Livelock}. A million if left out. */
  readonly steps?: number
  /** Services for the Effects that goroutines yield. */
  readonly services?: Context.Context<never>
}

/**
 * Runs `program` as a `run` in virtual time: when every goroutine in it is durably blocked (see {@link waitIdle}), time goes on at once to
 * the next timer. It begins at midnight UTC on 1 January 2000. Resolves with what the program returns.
 *
 * Laws
 * - Goroutines that main leaves run on until they end or wait; time stands still by then. One that still waits fails the test:
 *   {@link LeakedGoroutines}.
 * - When all wait and no timer is pending, it fails with `DeadlockError`.
 * - When it never comes to rest, it fails with {@link Livelock}, after `steps` steps.
 * - While something outside is waited for (a promise, also one made with `setTimeout`; an Effect), time stands still, and the host's goes on.
 *   `DeadlockError` where it can't come any more: Node has had nothing to do for a second, and nobody holds.
 * - The same program takes the same course each time.
 *
 * @example
 * await synctest(function* () {
 *   const [ctx] = context.withTimeout(context.background, "5 seconds")
 *   yield* sleep("5 seconds")
 *   yield* waitIdle()
 *   expect(ctx.err).toBeInstanceOf(DeadlineExceeded)
 * })
 *
 * @see Go: testing/synctest
 * @since 0.1.0
 */
export async function synctest<A, Y extends Yieldable>(program: Body<A, Y>, options: SynctestOptions = {}): Promise<A> {
  checkOptions("synctest", options, { seed: undefined, steps: undefined, services: undefined })
  for (const [name, least] of [["seed", 0] as const, ["steps", 1] as const]) {
    const given = options[name]
    if (given !== undefined && !(Number.isSafeInteger(given) && given >= least))
      throw new InvalidOption("synctest", name, given, `a whole number from ${least} on`)
  }
  const bounds = { steps: options.steps ?? 1_000_000, isClockRacing: false, areLeaksFailures: true }
  const schedules = new Schedules("synctest", program, bounds, options.services)
  const { error, hasFailed, outcome } = await schedules.run(new InOrderStrategy(options.seed ?? 1))
  if (hasFailed || outcome?.kind !== "returned") throw error
  return outcome.value as A
}
