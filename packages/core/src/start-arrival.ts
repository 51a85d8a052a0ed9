import { Arrival } from "./arrival.ts"
import { generatorOf } from "./body.ts"
import { currentRun } from "./current-run.ts"
import type { Goroutine, Label } from "./goroutine.ts"

/**
 * Starts a goroutine that no line of this thread's program starts: a task that arrives from another thread.
 *
 * It has no start site and spends nothing of the budget for them, of which a thread of short tasks would use up all and never show one: capturing them
 * took a fifth as long as sending the results.
 *
 * A typed failure of what it starts is kept for a join until it ends: where it returns it fails with the first that
 * nobody has joined, as a `run` does.
 *
 * Errors: `InvalidBody` unless `body` is a generator function.
 *
 * @since 0.3.0
 */
export function startArrival(label: Label, body: unknown, args: ReadonlyArray<unknown>): Goroutine {
  const goroutine = currentRun().start(generatorOf("task", body, args), label, undefined)
  goroutine.arrival = new Arrival(goroutine.id)
  return goroutine
}
