/** What a strategy answers to give a schedule up: whatever follows from here has been seen. */
export const Abandon = -1

/**
 * Strategy: decides a schedule, choice point by choice point.
 *
 * A process is a goroutine, something outside that has come to its end (a promise), or the clock. Each has a number: the same in every
 * schedule in which the same process, by its k-th start, brought it forth.
 */
export interface Strategy {
  /** Prepares the next schedule. False: there is none. */
  begin(): boolean
  /**
   * Which of the processes runs next: its index, or `Abandon`. Index 0 is what a plain run would take. Asked also where there is only one.
   * `isPreemption`: process 0 is the goroutine that runs, and could run on.
   */
  schedule(processes: ReadonlyArray<number>, isPreemption: boolean): number
  /** One of `n` alternatives inside a step, 0 to n - 1. */
  choose(n: number): number
  /** The schedule is over. */
  end(): void
  /** Alternatives not taken, as what follows them has been seen or is beyond a bound. */
  readonly pruned: number
  /** Whether every schedule has been seen, once there is none left. */
  readonly isExhaustive: boolean
  /** The program came to other choices than before, though it was given the same ones. */
  readonly hasDiverged: boolean
  /** Told what steps touch, if it wants to know. */
  readonly observer: StepObserver | null
}

/** Hears of every step: what a process does from one choice point to the next. */
export interface StepObserver {
  begin(process: number): void
  /** It makes a thing that can be waited on. */
  made(thing: object): void
  /** It reads or changes the state of `thing`; undefined: of anything. */
  touched(thing: object | undefined): void
  /** It makes `process` runnable. */
  wakes(process: number): void
  /** `isParked`: it polled its op in vain, waits now, and did nothing else. */
  end(isParked: boolean): void
}
