import { ReplayStrategy } from "./strategy/replay.ts"
import type { Schedule, Schedules } from "./schedules.ts"

/** Most schedules that are tried to find a shorter one. */
const mostTries = 1000

/**
 * Finds a failing schedule with fewer deviations from the default one: drops them by halves, quarters and so on, as long as the same
 * failure comes.
 *
 * @see Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (2002)
 */
export async function shrink(schedules: Schedules, failed: Schedule): Promise<Schedule> {
  const kind = kindOf(failed.error)
  let best = failed
  let left = mostTries
  const attempt = async (decisions: ReadonlyArray<number>): Promise<boolean> => {
    left--
    const schedule = await runOnce(schedules, decisions)
    if (!schedule.hasFailed || kindOf(schedule.error) !== kind || weight(schedule) >= weight(best)) return false
    best = schedule
    return true
  }
  for (let size = deviations(best.decisions).length; size >= 1 && left > 0;) {
    const places = deviations(best.decisions)
    let hasShrunk = false
    for (let from = 0; from < places.length && left > 0 && !hasShrunk; from += size) {
      const dropped = new Set(places.slice(from, from + size))
      hasShrunk = await attempt(best.decisions.map((decision, i) => (dropped.has(i) ? 0 : decision)))
    }
    if (!hasShrunk) size = size === 1 ? 0 : Math.ceil(size / 2)
    else size = Math.min(size, Math.max(1, deviations(best.decisions).length))
  }
  return best
}

export async function runOnce(schedules: Schedules, decisions: ReadonlyArray<number>): Promise<Schedule> {
  const strategy = new ReplayStrategy(decisions)
  strategy.begin()
  return await schedules.run(strategy)
}

/** Fewer deviations first, then fewer choices. */
const weight = ({ decisions }: Schedule): number => deviations(decisions).length * 1e6 + decisions.length

function deviations(decisions: ReadonlyArray<number>): Array<number> {
  return decisions.flatMap((decision, i) => (decision === 0 ? [] : [i]))
}

/** Two failures are the same if they are of one class, with panics seen through. */
function kindOf(error: unknown): string {
  const { name, cause } = (error ?? {}) as { name?: unknown; cause?: unknown }
  if (name === "GoroutinePanic") return kindOf(cause)
  return typeof name === "string" ? name : typeof error
}
