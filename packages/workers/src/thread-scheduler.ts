/**
 * ThreadScheduler: the run queue of a pool's thread: its goroutines, and the tasks that it has not started yet.
 *
 * A task is started when no goroutine is runnable, and every 61st turn even if some are. With nothing to do the thread sends its results, looks for
 * messages itself and naps a millisecond on a word that whoever posts to it changes; then its event loop has it back. So tasks that
 * come one after the other find it awake, and one that idles uses no processor.
 */
import type { Goroutine, Scheduler } from "@weft/core"

type G = Goroutine<unknown, unknown>

/** As Go's and Tokio's global queue: a pair that wakes each other must not keep the rest waiting. */
const turnsPerTask = 61

/** What the thread does besides running goroutines. */
export interface ThreadWork {
  /** Tasks that were sent here and not started. */
  readonly queued: number
  /** Starts the next one. */
  startNext(): void
  /** It has said that it has nothing to run. */
  readonly isIdle: boolean
  /** It has, again. */
  wakeUp(): void
  /** There is nothing to run: looks for more, and answers whether there is. */
  idle(): boolean
}

export class ThreadScheduler implements Scheduler {
  readonly #goroutines: Scheduler
  readonly #work: ThreadWork
  #turns = turnsPerTask

  constructor(goroutines: Scheduler, work: ThreadWork) {
    this.#goroutines = goroutines
    this.#work = work
  }

  get length(): number {
    return this.#goroutines.length + this.#work.queued
  }

  push(goroutine: G): void {
    this.#goroutines.push(goroutine)
  }

  pushWoken(goroutine: G): void {
    this.#goroutines.pushWoken(goroutine)
  }

  next(): G | undefined {
    const goroutines = this.#goroutines
    const work = this.#work
    if (--this.#turns <= 0) {
      this.#turns = turnsPerTask
      if (work.queued > 0) work.startNext()
    }
    for (;;) {
      const goroutine = goroutines.next()
      if (goroutine !== undefined) {
        // Woken by a timer, or by the host, and not by a message.
        if (work.isIdle) work.wakeUp()
        return goroutine
      }
      if (work.queued > 0) work.startNext()
      else if (!work.idle()) return undefined
    }
  }

  choose(n: number): number {
    return this.#goroutines.choose(n)
  }
}
