/** The run of whoever runs now. */
import * as Context from "effect/Context"
import * as Fiber from "effect/Fiber"
import { accessed } from "./accessed.ts"
import { current, defaultProcessor } from "./processor.ts"
import { Run } from "./run.ts"
import { RunOfFiber } from "./run-of-fiber.ts"
import type { GoroutineSnapshot } from "./snapshot.ts"

/** The run to which a goroutine started here belongs. */
export function currentRun(): Run {
  const run = current.current?.run ?? Fiber.getCurrent()?.getRef(RunOfFiber)
  // A fiber may outlive the run that it was started in.
  return run === undefined || run.isOver ? processRun() : run
}

let outside: Run | undefined

/** Goroutines started outside any run belong to one that never ends. */
function processRun(): Run {
  return (outside ??= new Run(defaultProcessor, {}, undefined, () => undefined))
}

/**
 * The services of whoever runs now: of the fiber, else of the goroutine's `run`. For those who start something elsewhere on his behalf.
 *
 * @since 0.3.0
 */
export function currentServices(): Context.Context<never> {
  const services = Fiber.getCurrent()?.context ?? current.current?.run.services ?? Context.empty()
  return services
}

/**
 * How many goroutines have not ended.
 *
 * @see Go: runtime.NumGoroutine
 * @since 0.1.0
 */
export function numGoroutine(): number {
  accessed(current)
  let n = 0
  for (const run of current.runs) n += run.live
  return n
}

/**
 * What every goroutine is doing now: a snapshot.
 *
 * @see Go: runtime.Stack
 * @since 0.1.0
 */
export function goroutines(): Array<GoroutineSnapshot> {
  accessed(current)
  return [...current.runs].flatMap((run) => run.snapshots())
}
