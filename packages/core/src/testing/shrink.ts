import type { Schedule, Schedules } from "./schedules.ts"
import { ExhaustiveStrategy } from "./strategy/exhaustive.ts"
import { FollowStrategy } from "./strategy/follow.ts"
import { ReplayStrategy, type Stretch } from "./strategy/replay.ts"
import type { Strategy } from "./strategy.ts"

/** Most schedules that each way of shrinking tries. */
const mostTries = 1000
/** Most schedules with so many preemptions, and the most preemptions, that are searched. */
const mostSearched = 300
const mostPreemptions = 3
/** Most choices in all of them: a livelock makes thousands each time. */
const mostChoices = 1_000_000

/**
 * Finds a failing schedule that is easier to read, as long as the same failure comes: with fewer preemptions, then with fewer deviations
 * from the default order.
 *
 * Three ways, one after the other: a goroutine that was preempted runs on, or does not yet begin, so that the two halves of what it did
 * come together; a bounded search looks for the failure with no preemption, with one, and so on; deviations are dropped by halves, quarters
 * and so on.
 *
 * @see Jalbert and Sen, "A Trace Simplification Technique for Effective Debugging of Concurrent Programs" (2010); Musuvathi and Qadeer,
 * "Iterative Context Bounding" (2007); Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (2002)
 */
export async function shrink(schedules: Schedules, failed: Schedule): Promise<Schedule> {
  const search = new Shrinking(schedules, failed)
  await search.joinHalves()
  await search.searchFewerPreemptions()
  await search.dropDeviations()
  return search.best
}

class Shrinking {
  best: Schedule
  readonly #schedules: Schedules
  readonly #kind: string
  #choices = 0

  constructor(schedules: Schedules, failed: Schedule) {
    this.#schedules = schedules
    this.#kind = kindOf(failed.error)
    this.best = failed
  }

  async joinHalves(): Promise<void> {
    const replay = new ReplayStrategy(this.best.decisions)
    await this.#run(replay)
    let { stretches } = replay
    let left = mostTries
    const attempt = async (wanted: ReadonlyArray<Stretch>): Promise<boolean> => {
      left--
      const follow = new FollowStrategy(wanted)
      if (!this.#isBetter(await this.#run(follow))) return false
      stretches = follow.stretches
      return true
    }
    for (let at = 0; at < stretches.length && left > 0 && this.#hasTime;) {
      const { preempted } = stretches[at]!
      const hasShrunk =
        preempted !== undefined &&
        ((await attempt(runningOn(stretches, at, preempted))) || (await attempt(waiting(stretches, at, preempted))))
      at = hasShrunk ? 0 : at + 1
    }
  }

  async searchFewerPreemptions(): Promise<void> {
    for (let preemptions = 0; preemptions < this.best.preemptions && preemptions <= mostPreemptions; preemptions++) {
      const search = new ExhaustiveStrategy({ preemptions, isMemoryShared: true, isClockRacing: false })
      for (let left = mostSearched; left > 0 && this.#hasTime && search.begin(); left--) {
        const schedule = await this.#run(search)
        search.end()
        if (search.hasDiverged || this.#isBetter(schedule)) return
      }
    }
  }

  async dropDeviations(): Promise<void> {
    let left = mostTries
    for (let size = deviations(this.best).length; size >= 1 && left > 0 && this.#hasTime;) {
      const { decisions } = this.best
      const places = deviations(this.best)
      let hasShrunk = false
      for (let from = 0; from < places.length && left-- > 0 && !hasShrunk; from += size) {
        const dropped = new Set(places.slice(from, from + size))
        const fewer = decisions.map((decision, i) => (dropped.has(i) ? 0 : decision))
        hasShrunk = this.#isBetter(await this.#run(new ReplayStrategy(fewer)))
      }
      if (hasShrunk) size = Math.min(size, Math.max(1, deviations(this.best).length))
      else size = size === 1 ? 0 : Math.ceil(size / 2)
    }
  }

  get #hasTime(): boolean {
    return this.#choices < mostChoices
  }

  async #run(strategy: Strategy): Promise<Schedule> {
    const schedule = await this.#schedules.run(strategy)
    this.#choices += schedule.decisions.length
    return schedule
  }

  /** The same failure in a schedule that is easier to read: then that is the best so far. */
  #isBetter(schedule: Schedule): boolean {
    const isBetter =
      schedule.hasFailed && kindOf(schedule.error) === this.#kind && isLess(weight(schedule), weight(this.best))
    if (isBetter) this.best = schedule
    return isBetter
  }
}

/** The goroutine that was preempted at `at` does there what it did later. */
function runningOn(stretches: ReadonlyArray<Stretch>, at: number, process: number): Array<Stretch> {
  const from = stretches.findIndex((stretch, i) => i > at && stretch.process === process)
  if (from < 0) return [...stretches]
  const to = endOf(stretches, from, process)
  return [...stretches.slice(0, at), ...stretches.slice(from, to), ...stretches.slice(at, from), ...stretches.slice(to)]
}

/** It does what it did before `at` only when it comes to its turn again. */
function waiting(stretches: ReadonlyArray<Stretch>, at: number, process: number): Array<Stretch> {
  let from = at
  while (stretches[from - 1]?.process === process) from--
  const next = stretches.findIndex((stretch, i) => i > at && stretch.process === process)
  const to = next < 0 ? stretches.length : next
  return [...stretches.slice(0, from), ...stretches.slice(at, to), ...stretches.slice(from, at), ...stretches.slice(to)]
}

function endOf(stretches: ReadonlyArray<Stretch>, from: number, process: number): number {
  let to = from
  while (stretches[to]?.process === process) to++
  return to
}

/** What counts first, second and third. */
const weight = (schedule: Schedule): ReadonlyArray<number> => [
  schedule.preemptions,
  deviations(schedule).length,
  schedule.decisions.length,
]

function isLess(a: ReadonlyArray<number>, b: ReadonlyArray<number>): boolean {
  const at = a.findIndex((part, i) => part !== b[i])
  return at >= 0 && a[at]! < b[at]!
}

function deviations({ decisions }: Schedule): Array<number> {
  return decisions.flatMap((decision, i) => (decision === 0 ? [] : [i]))
}

/** Two failures are the same if they are of one class, with panics seen through. */
function kindOf(error: unknown): string {
  const { name, cause } = (error ?? {}) as { name?: unknown; cause?: unknown }
  if (name === "GoroutinePanic") return kindOf(cause)
  return typeof name === "string" ? name : typeof error
}
