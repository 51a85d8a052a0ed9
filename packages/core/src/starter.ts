import { type Body, generatorIn, generatorOf, type Yieldable } from "./body.ts"
import { InvalidBody } from "./panic.ts"
import type { Goroutine } from "./goroutine.ts"
import { currentRun } from "./current-run.ts"

/**
 * Binds a function to the run of its caller, for those who start it later from outside any goroutine: a timer, a listener.
 *
 * Each call of what it gives starts `f`, plain or a generator function, as a goroutine of that run, and gives that; none once the run is over.
 * `caller` names itself in errors.
 *
 * Errors: `InvalidBody` at once unless `f` is a function; as the goroutine's panic if `f` is async, or returns an op.
 *
 * @since 0.1.0
 */
export function starter(caller: string, f: (() => void) | Body<unknown>): () => Goroutine | undefined {
  if (typeof f !== "function") throw new InvalidBody(caller, f, "pass a plain or generator function")
  const run = currentRun()
  // Here: who calls back has no line of the program's on its stack.
  const site = run.processor.startSites.capture(starter)
  return () => (run.isOver ? undefined : run.start(generatorOf(caller, inOwnGoroutine, [caller, f]), f, site))
}

function* inOwnGoroutine(caller: string, f: () => unknown): Generator<Yieldable, void, unknown> {
  const rest = generatorIn(caller, f, f())
  if (rest !== undefined) yield* rest
}
