/** Looks at this process from time to time, for what a program does not notice by itself. */
import { toMillis } from "@weft/core"
import type * as Duration from "effect/Duration"
import { waitGraph } from "./analysis/wait-graph.ts"
import type { Knot } from "./analysis/knots.ts"
import { attach } from "./attach/attach.ts"
import type { AttachedProcess } from "./attach/attached.ts"
import type { GoroutineDump } from "./format/dump.ts"

export interface WatchOptions {
  /** How often. */
  readonly every?: Duration.Input
}

/**
 * Tells of goroutines that wait for one another in a ring while the rest of the program runs on: each ring once.
 *
 * Looking costs what a dump costs, about a microsecond a goroutine. It does not keep the process up.
 *
 * @example
 * const stop = await onDeadlock((knot) => report(knot.members.map(({ goroutine }) => goroutine.name)))
 *
 * @since 0.3.0
 */
export function onDeadlock(
  listener: (knot: Knot) => void,
  { every = "10 seconds" }: WatchOptions = {},
): Promise<() => Promise<void>> {
  const told = new Set<string>()
  return watch(every, async (attached) => {
    for (const knot of waitGraph(await attached.dump()).knots) {
      if (knot.kind !== "deadlock") continue
      const key = knot.members
        .map(({ goroutine, thread }) => `${thread}:${goroutine.id}`)
        .sort()
        .join()
      if (told.has(key)) continue
      told.add(key)
      listener(knot)
    }
  })
}

/**
 * Tells of goroutines that nothing can wake any more, as nothing that is reachable reaches what they wait for.
 *
 * Looking collects garbage, which stops each thread for as long as that takes; those that are found are gone with it, and their `finally` blocks do not run.
 *
 * @since 0.3.0
 */
export function onLeak(
  listener: (leaked: ReadonlyArray<GoroutineDump>) => void,
  { every = "10 minutes" }: WatchOptions = {},
): Promise<() => Promise<void>> {
  return watch(every, async (attached) => {
    const leaked = (await attached.leaks()).threads.flatMap((thread) => thread.leaked)
    if (leaked.length > 0) listener(leaked)
  })
}

/** Looks at this process once in `every`. The answer ends that. */
export async function watch(
  every: Duration.Input,
  look: (attached: AttachedProcess) => Promise<void>,
): Promise<() => Promise<void>> {
  const millis = toMillis(every)
  if (!(millis > 0)) throw new RangeError(`devtools: looks every ${millis} ms; it must be above 0`)
  const attached = await attach(process.pid)
  attached.unref()
  let isLooking = false
  const timer = setInterval(() => {
    // One look at a time, however long it takes.
    if (isLooking) return
    isLooking = true
    void look(attached)
      .catch((error: unknown) => console.error("weft: could not look at this process:", error))
      .finally(() => (isLooking = false))
  }, millis)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await attached.detach()
  }
}
