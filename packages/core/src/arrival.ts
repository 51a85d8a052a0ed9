import { generatorOf } from "./body.ts"
import { currentRun } from "./current-run.ts"
import type { Goroutine, Label } from "./goroutine.ts"

/**
 * Starts a goroutine that no line of this thread's program starts: a task that arrives from another thread.
 *
 * It has no start site and spends nothing of the budget for them, of which a thread of short tasks would use up all and never show one: capturing them
 * took a fifth as long as sending the results.
 *
 * Errors: `InvalidBody` unless `body` is a generator function.
 *
 * @since 0.3.0
 */
export function startArrival(label: Label, body: unknown, args: ReadonlyArray<unknown>): Goroutine {
  return currentRun().start(generatorOf("task", body, args), label, undefined)
}
