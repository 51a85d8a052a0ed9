import { checkOptions, type Context, InvalidOption, type KnownOptions, toMillis } from "@weft/core"
import type * as Duration from "effect/Duration"

/**
 * How one task is to be run: `spawnWith(options, task, ...args)`.
 *
 * @since 0.3.0
 */
export interface SpawnOptions {
  /** Tasks of a higher one leave the queue first. 0 if left out. */
  readonly priority?: number
  /** Tasks of an equal key run on one thread, and start there in the order in which they were spawned. */
  readonly on?: string | number
  /** Once it is done the task is interrupted; whoever joins is thrown the context's cause when it has unwound. */
  readonly context?: Context
  /** Once it has aborted the task is interrupted; whoever joins is thrown the signal's reason when it has unwound. */
  readonly signal?: AbortSignal
  /** How long an interrupted task may take to unwind before its thread is ended. A second if left out. */
  readonly grace?: Duration.Input
  /** May run in the thread that spawns it, where all others have enough to do and it has not. */
  readonly inline?: boolean
}

export const noOptions: SpawnOptions = {}

const known: KnownOptions<SpawnOptions> = {
  priority: undefined,
  on: undefined,
  context: undefined,
  signal: undefined,
  grace: undefined,
  inline: [true, false],
}

export function checkedOptions(options: SpawnOptions): SpawnOptions {
  if (typeof options !== "object" || (options as unknown) === null)
    throw new InvalidOption("spawnWith", "options", options, "an object")
  checkOptions("spawnWith", options, known)
  const { context, grace, on, priority, signal } = options
  if (priority !== undefined && !Number.isFinite(priority))
    throw new InvalidOption("spawnWith", "priority", priority, "a finite number")
  if (on !== undefined && typeof on !== "string" && typeof on !== "number")
    throw new InvalidOption("spawnWith", "on", on, "a string or a number")
  if (grace !== undefined && !(toMillis(grace) >= 0))
    throw new InvalidOption("spawnWith", "grace", grace, "a length of time from 0 on")
  if (context !== undefined && typeof (context as Partial<Context> | null)?.value !== "function")
    throw new InvalidOption("spawnWith", "context", context, "a Context")
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.addEventListener !== "function")
    throw new InvalidOption("spawnWith", "signal", signal, "an AbortSignal")
  return options
}
