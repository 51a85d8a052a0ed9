import { type Body, generatorOf, isGenerator, type Yieldable } from "./body.ts"
import { InvalidBody } from "./panic.ts"
import { currentRun } from "./run.ts"

/**
 * Binds a function to the run of its caller, for those who start it later from outside any goroutine: a timer, a listener.
 *
 * Each call of what it gives starts `f`, plain or a generator function, as a goroutine of that run; none once the run is over.
 * `caller` names itself in errors.
 *
 * Errors: `InvalidBody` at once unless `f` is a function.
 *
 * @since 0.1.0
 */
export function starter(caller: string, f: (() => void) | Body<unknown>): () => void {
  if (typeof f !== "function") throw new InvalidBody(caller, f, "pass a plain or generator function")
  const run = currentRun()
  const start = (): void => {
    if (!run.isOver) run.start(generatorOf(caller, inOwnGoroutine, [f]), f, start)
  }
  return start
}

function* inOwnGoroutine(f: () => unknown): Generator<Yieldable, void, never> {
  const made = f()
  if (isGenerator(made)) yield* made as Generator<Yieldable, unknown, never>
}
