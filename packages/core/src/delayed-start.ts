import { accessed, made } from "./accessed.ts"
import type { Body } from "./body.ts"
import { currentRun } from "./current-run.ts"
import type { Run } from "./run.ts"
import { starter } from "./starter.ts"
import { TimerEntry } from "./timer-heap.ts"

/**
 * Starts `f`, plain or a generator function, as a goroutine once a time has passed, in the run in which it was made.
 *
 * A run that is over starts nothing any more, so its delayed starts are stopped: they keep no process up.
 *
 * Errors: as {@link starter}'s.
 *
 * @see Go: time.AfterFunc
 * @since 0.1.0
 */
export class DelayedStart extends TimerEntry {
  readonly #run: Run = currentRun()
  readonly #start: () => void
  readonly #stop = () => void this.stop()

  constructor(caller: string, f: (() => void) | Body<unknown>) {
    super()
    this.#start = starter(caller, f)
    made(this)
  }

  /** Starts `f` in `millis`, instead of when it was going to; never if that is infinite. */
  reset(millis: number): boolean {
    accessed(this)
    const wasSet = this.stop()
    const { atEnd, isOver, processor } = this.#run
    if (millis === Infinity || isOver) return wasSet
    processor.startTimer(this, millis)
    atEnd.add(this.#stop)
    return wasSet
  }

  /** Whether it prevented a start. */
  stop(): boolean {
    accessed(this)
    const wasSet = this.index >= 0
    this.#run.atEnd.delete(this.#stop)
    this.#run.processor.stopTimer(this)
    return wasSet
  }

  fire(): void {
    this.#run.atEnd.delete(this.#stop)
    this.#start()
  }
}
