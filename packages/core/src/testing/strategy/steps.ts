/**
 * Steps: the schedule under way as a sequence of steps, what each touched, and which happens before which.
 *
 * Two steps are independent if they touch no thing in common: then their order makes no difference, and neither does the order of the
 * whole schedule up to swaps of neighbours like them (Mazurkiewicz). Two that are dependent, and of which nothing between makes the first
 * happen before the second, race: the other order has to be seen too.
 *
 * Things have numbers that don't depend on the schedule: the k-th that a process made. What was never announced (`made`) is anything.
 *
 * @see Flanagan and Godefroid, "Dynamic Partial-Order Reduction" (2005); Abdulla et al., "Optimal DPOR" (2014): source sets
 */
import { Clock } from "../processes.ts"
import type { StepObserver } from "../strategy.ts"

/** The numbers of the things that a step touched; null: anything. */
export type Footprint = ReadonlyArray<number> | null

/** Plain variables: what goroutines share without an op. */
const Memory = 0
const mostThings = 0x100000

export interface Step {
  readonly process: number
  footprint: Footprint
  /** clock[p] is one more than the index of the last step of p that happens before this one, or is it. */
  clock: ReadonlyArray<number>
}

const noClock: ReadonlyArray<number> = []
const noRaces: ReadonlyArray<number> = []

export class Steps implements StepObserver {
  readonly steps: Array<Step> = []
  readonly #isMemoryShared: boolean
  readonly #isClockRacing: boolean
  readonly #ended: (step: number, races: ReadonlyArray<number>) => void
  readonly #numbers = new Map<object, number>()
  #made: Array<number> = []
  #last: Array<number> = []
  #wokenBy: Array<number> = []
  /** One more than the index of the clock's last step, which comes after and before all others. */
  #barrier = 0
  #things: Array<number> | null = []

  constructor(
    isMemoryShared: boolean,
    isClockRacing: boolean,
    ended: (step: number, races: ReadonlyArray<number>) => void,
  ) {
    this.#isMemoryShared = isMemoryShared
    this.#isClockRacing = isClockRacing
    this.#ended = ended
  }

  restart(): void {
    this.steps.length = 0
    this.#numbers.clear()
    this.#made = []
    this.#last = []
    this.#wokenBy = []
    this.#barrier = 0
  }

  begin(process: number): void {
    this.steps.push({ process, footprint: null, clock: noClock })
    this.#things = []
  }

  made(thing: object): void {
    // Before the first step: the processor's own.
    const process = this.steps.at(-1)?.process ?? Clock
    const k = (this.#made[process] = (this.#made[process] ?? 0) + 1)
    this.#numbers.set(thing, process * mostThings + k)
  }

  touched(thing: object | undefined): void {
    if (this.#things === null) return
    const number = thing === undefined ? undefined : this.#numbers.get(thing)
    if (number === undefined) this.#things = null
    else if (!this.#things.includes(number)) this.#things.push(number)
  }

  wakes(process: number): void {
    this.#wokenBy[process] = this.steps.length
  }

  end(isParked: boolean): void {
    const at = this.steps.length - 1
    const step = this.steps[at]!
    if (!isParked && this.#isMemoryShared) this.#things?.push(Memory)
    step.footprint = this.#things
    const races = this.#isBarrier(step) ? this.#passBarrier(at) : this.#order(at)
    this.#last[step.process] = at + 1
    this.#ended(at, races)
  }

  /** The processes that can make `at` come before `earlier`: first steps of what lies between and does not need `earlier`. */
  reversing(earlier: number, at: number): Array<number> {
    const { process } = this.steps[earlier]!
    const between: Array<number> = []
    for (let i = earlier + 1; i < at; i++) if ((this.steps[i]!.clock[process] ?? 0) <= earlier) between.push(i)
    between.push(at)
    const initials: Array<number> = []
    const seen = new Set<number>()
    for (const i of between) {
      const step = this.steps[i]!
      if (seen.has(step.process)) continue
      seen.add(step.process)
      const needs = between.some((k) => k < i && (step.clock[this.steps[k]!.process] ?? 0) > k)
      if (!needs) initials.push(step.process)
    }
    return initials
  }

  /** In virtual time that jumps, the clock goes on when all wait: nothing can swap places with it. */
  #isBarrier(step: Step): boolean {
    return step.process === Clock && !this.#isClockRacing
  }

  #passBarrier(at: number): ReadonlyArray<number> {
    const clock: Array<number> = []
    for (let process = 0; process < this.#last.length; process++) clock[process] = this.#last[process] ?? 0
    clock[Clock] = at + 1
    this.steps[at]!.clock = clock
    this.#barrier = at + 1
    return noRaces
  }

  /** Finds what happens before a step; of that, what races with it, latest first. */
  #order(at: number): ReadonlyArray<number> {
    const step = this.steps[at]!
    const clock = this.#enabling(step.process)
    const races: Array<number> = []
    for (let i = at - 1; i >= this.#barrier; i--) {
      const earlier = this.steps[i]!
      if ((clock[earlier.process] ?? 0) > i || !areDependent(earlier.footprint, step.footprint)) continue
      races.push(i)
      joinClock(clock, earlier.clock)
    }
    clock[step.process] = at + 1
    step.clock = clock
    return races
  }

  /** What happens before a step, whatever it touches: its process's last step, who woke it, the clock. */
  #enabling(process: number): Array<number> {
    const clock: Array<number> = []
    this.#joinStep(clock, this.#last[process])
    this.#joinStep(clock, this.#wokenBy[process])
    this.#joinStep(clock, this.#barrier)
    return clock
  }

  #joinStep(clock: Array<number>, after: number | undefined): void {
    if (after !== undefined && after > 0) joinClock(clock, this.steps[after - 1]!.clock)
  }
}

export function areDependent(a: Footprint, b: Footprint): boolean {
  if (a === null || b === null) return true
  for (const thing of a) if (b.includes(thing)) return true
  return false
}

export function union(a: Footprint, b: Footprint): Footprint {
  if (a === null || b === null) return null
  return [...a, ...b.filter((thing) => !a.includes(thing))]
}

function joinClock(into: Array<number>, from: ReadonlyArray<number>): void {
  for (let process = 0; process < from.length; process++) {
    const time = from[process] ?? 0
    if (time > (into[process] ?? 0)) into[process] = time
  }
}
