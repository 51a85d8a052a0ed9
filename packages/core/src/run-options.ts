import type * as Context from "effect/Context"
import type { DeadlockError, LeakReport } from "./deadlock.ts"
import type { KnownOptions } from "./invalid-option.ts"
import type { Plugin } from "./plugin.ts"

/**
 * How a `run` behaves.
 *
 * @since 0.1.0
 */
export interface RunOptions<R = never> {
  /** Extensions for this run only. */
  readonly plugins?: ReadonlyArray<Plugin>
  /** Cancels the run when it aborts; `run` rejects with its reason. */
  readonly signal?: AbortSignal
  /** Goroutines left when main returns: cancelled (default), waited for, or cancelled after a report of them. */
  readonly remaining?: "cancel" | "wait" | "report"
  /**
   * Called with what main left behind, before it is cancelled; an error that it throws fails the run. Default with
   * `remaining: "report"`: a console warning.
   */
  readonly onLeak?: (report: LeakReport) => void
  /**
   * What to do when nothing that Weft knows of can wake the program. "certain" (default): fail if the host has nothing left to do
   * either, else report once and go on. "fail": fail at once. "ignore": nothing.
   */
  readonly deadlock?: "certain" | "fail" | "ignore"
  /** Called once with the report where "certain" does not fail; default: a console warning. */
  readonly onDeadlock?: (error: DeadlockError) => void
  /** Services for the Effects that goroutines yield. */
  readonly services?: Context.Context<R>
  /** Captures where every goroutine was started, at about 3 µs each, instead of a budgeted sample. */
  readonly debug?: boolean
}

/** Options that must carry the services a program needs. @since 0.1.0 */
export type RunOptionsFor<R> = [R] extends [never]
  ? [options?: RunOptions]
  : [options: RunOptions<R> & { readonly services: Context.Context<R> }]

export const runOptions: KnownOptions<RunOptions> = {
  plugins: undefined,
  signal: undefined,
  remaining: ["cancel", "wait", "report"],
  onLeak: undefined,
  deadlock: ["certain", "fail", "ignore"],
  onDeadlock: undefined,
  services: undefined,
  debug: [true, false],
}
