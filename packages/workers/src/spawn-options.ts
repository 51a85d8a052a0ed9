import { type Context, Panic, toMillis } from "@weft/core"
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
  /** Once it is done the task is interrupted, and its goroutine panics with the context's cause. */
  readonly context?: Context
  /** Once it has aborted the task is interrupted, and its goroutine panics with the signal's reason. */
  readonly signal?: AbortSignal
  /** How long an interrupted task may take to unwind before its thread is ended. A second if left out. */
  readonly grace?: Duration.Input
  /** May run in the thread that spawns it, where all others have enough to do and it has not. */
  readonly inline?: boolean
}

export const noOptions: SpawnOptions = {}

const known: ReadonlySet<string> = new Set(["priority", "on", "context", "signal", "grace", "inline"])

export function checkedOptions(options: SpawnOptions): SpawnOptions {
  const given = options as SpawnOptions | null | undefined
  if (typeof given !== "object" || given === null) throw new InvalidOption("options", options, "pass an object")
  for (const key of Object.keys(given))
    if (!known.has(key)) throw new InvalidOption(key, "", `known are ${[...known].join(", ")}`)
  const { grace, on, priority } = given
  if (priority !== undefined && !Number.isFinite(priority))
    throw new InvalidOption("priority", priority, "pass a number")
  if (on !== undefined && typeof on !== "string" && typeof on !== "number")
    throw new InvalidOption("on", on, "pass a string or a number")
  if (grace !== undefined) toMillis(grace)
  return given
}

/** An option that a pool, or a spawn, does not have, or not with this value. @since 0.3.0 */
export class InvalidOption extends Panic<{ option: string; value: unknown }> {
  override readonly name = "InvalidOption"

  constructor(option: string, value: unknown, advice: string) {
    super(`workers: option ${option}${value === "" ? "" : ` (${String(value)})`}; ${advice}`, { option, value })
  }
}
