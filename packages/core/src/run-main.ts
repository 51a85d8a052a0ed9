/**
 * How a run begins: `run` and `runExit` start a main goroutine, and settle as its `Run` does.
 */
import * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type Body, type ErrorOf, generatorOf, type ServicesOf, type Yieldable } from "./body.ts"
import { HostClock } from "./clock.ts"
import { isFailure } from "./failure.ts"
import { checkOptions } from "./invalid-option.ts"
import { isElsewhere } from "./load-without-runs.ts"
import { Plugins } from "./plugin.ts"
import { defaultProcessor, Processor } from "./processor.ts"
import { type Outcome, Run } from "./run.ts"
import { type RunOptions, runOptions, type RunOptionsFor } from "./run-options.ts"
import { RunQueue } from "./run-queue.ts"

/**
 * Runs `main` as a goroutine and resolves with what it returns, once everything it started has ended.
 *
 * Laws
 * - When main ends, goroutines that it left are cancelled, as Go ends them with main; their `finally` blocks run, and those may wait.
 *   Where those that are left wait for what can't happen, that is a deadlock, and it ends without them.
 * - Rejects with main's error; with {@link GoroutinePanic} when another goroutine panics; with {@link DeadlockError} when all are asleep;
 *   with a typed failure that nobody joined; with the signal's reason.
 *
 * @example
 * await run(function* () {
 *   const ch = chan<string>()
 *   go(function* () { yield* ch.send("hello") })
 *   console.log(yield* ch.receive())
 * })
 *
 * @see Go: func main
 * @since 0.1.0
 */
export function run<A, E>(main: Effect.Effect<A, E>, options?: RunOptions): Promise<A>
export function run<A, E, R>(main: Effect.Effect<A, E, R>, ...options: RunOptionsFor<R>): Promise<A>
export function run<A, Y extends Yieldable>(main: Body<A, Y>, ...options: RunOptionsFor<ServicesOf<Y>>): Promise<A>
export function run(main: unknown, options: RunOptions = {}): Promise<unknown> {
  if (isElsewhere()) return new Promise(() => undefined)
  return new Promise((resolve, reject) => {
    begin("run", main, options, (outcome) => {
      if (outcome.kind === "returned") resolve(outcome.value)
      else reject(outcome.error)
    })
  })
}

/**
 * Like {@link run}, but resolves with an `Exit`, which keeps typed failures, panics and interruption apart.
 *
 * @since 0.1.0
 */
export function runExit<A, E>(main: Effect.Effect<A, E>, options?: RunOptions): Promise<Exit.Exit<A, E>>
export function runExit<A, E, R>(main: Effect.Effect<A, E, R>, ...options: RunOptionsFor<R>): Promise<Exit.Exit<A, E>>
export function runExit<A, Y extends Yieldable>(
  main: Body<A, Y>,
  ...options: RunOptionsFor<ServicesOf<Y>>
): Promise<Exit.Exit<A, ErrorOf<Y>>>
export function runExit(main: unknown, options: RunOptions = {}): Promise<Exit.Exit<unknown, unknown>> {
  if (isElsewhere()) return new Promise(() => undefined)
  return new Promise((resolve) => {
    begin("runExit", main, options, (outcome) => {
      if (outcome.kind === "returned") resolve(Exit.succeed(outcome.value))
      else if (outcome.kind === "aborted") resolve(Exit.failCause(Cause.interrupt()))
      else resolve(isFailure(outcome.error) ? Exit.fail(outcome.error) : Exit.die(outcome.error))
    })
  })
}

function begin(caller: string, body: unknown, options: RunOptions, settle: (outcome: Outcome) => void): void {
  checkOptions(caller, options, runOptions)
  const generator = generatorOf(caller, body, [])
  const plugins = new Plugins()
  try {
    for (const plugin of options.plugins ?? []) plugins.add(plugin)
  } catch (error) {
    plugins.dispose()
    throw error
  }
  new Run(processorFor(plugins), options, plugins, settle).startMain(
    generator,
    (body as { name?: string }).name || "main",
    run,
  )
}

/** A run with a scheduler, a clock or listeners of its own has a processor of its own: other runs don't notice. */
function processorFor(plugins: Plugins): Processor {
  const { clock, hooks, scheduler } = plugins
  if (clock === undefined && hooks === null && scheduler === undefined) return defaultProcessor
  const processor = new Processor(scheduler ?? new RunQueue(), clock ?? new HostClock())
  processor.pluginHooks = hooks
  return processor
}
