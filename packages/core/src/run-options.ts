import * as Context from "effect/Context"
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

/** What an option may be given instead. */
type Given = {
  readonly call?: unknown
  readonly addEventListener?: unknown
  readonly every?: (isPlugin: (plugin: Partial<Plugin> | null) => unknown) => boolean
} | null

const callback = { includes: (given: Given) => given?.call, wanted: "a function" }

export const runOptions: KnownOptions<RunOptions> = {
  plugins: { includes: (given: Given) => given?.every?.((plugin) => plugin?.setup), wanted: "an array of plugins" },
  signal: { includes: (given: Given) => given?.addEventListener, wanted: "an AbortSignal" },
  remaining: ["cancel", "wait", "report"],
  onLeak: callback,
  deadlock: ["certain", "fail", "ignore"],
  onDeadlock: callback,
  services: { includes: Context.isContext, wanted: "a Context" },
  debug: [true, false],
}
