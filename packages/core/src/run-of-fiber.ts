import * as Context from "effect/Context"
import type { Run } from "./run.ts"

/** Lets a fiber find the run whose goroutine started it: what it starts and waits for belongs there. */
export const RunOfFiber: Context.Reference<Run | undefined> = Context.Reference<Run | undefined>("@weft/core/Run", {
  defaultValue: () => undefined,
})
