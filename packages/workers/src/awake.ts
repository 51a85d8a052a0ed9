/**
 * Awake: whom a pool keeps awake: the processors whose goroutines wait for its tasks, while a thread may still do something, and the process, while a
 * thread without tasks may.
 */
import { numGoroutine, type Processor } from "@weft/core"
import type { Backlog } from "./backlog.ts"
import type { Graces } from "./graces.ts"
import { HeldProcessors } from "./held-processors.ts"
import { later } from "./host.ts"
import type { Thread } from "./thread-handle.ts"
import type { ThreadSet } from "./thread-set.ts"

const lookAgainMillis = 50

export class Awake {
  readonly #threads: ThreadSet
  readonly #backlog: Backlog
  readonly #graces: Graces
  readonly #waiting = new HeldProcessors()
  /** Some threads keep the process up that have no tasks. */
  #hasKeptUp = false
  #isLookAsked = false
  #hasStopped = false

  constructor(threads: ThreadSet, backlog: Backlog, graces: Graces) {
    this.#threads = threads
    this.#backlog = backlog
    this.#graces = graces
  }

  waits(processor: Processor): void {
    this.#waiting.add(processor)
    if (!this.#waiting.isHeld) this.look()
  }

  waitsNoMore(processor: Processor): void {
    this.#waiting.remove(processor)
    if (this.#hasKeptUp && this.#waiting.isEmpty) this.#keepUp(this.#threads.all)
  }

  /** The pool has stopped: how long its threads keep the process up is settled. */
  stop(): void {
    this.#hasStopped = true
  }

  /** Whether a thread may still do something that somebody here waits for. */
  look(): void {
    const awake = this.#threads.all.filter((thread) => thread.asleepReport === undefined)
    this.#keepUp(awake)
    this.#waiting.hold(this.#backlog.length > 0 || awake.length > 0 || !this.#graces.isEmpty)
  }

  /**
   * A goroutine that a task has left in a thread may be the one for whom all wait here: until that thread is asleep it keeps the process up, while
   * anybody waits.
   */
  #keepUp(awake: ReadonlyArray<Thread>): void {
    if (this.#hasStopped) return
    const isNeeded = awake.length > 0 && numGoroutine() > 0 && !awake.some((thread) => thread.live > 0)
    if (!isNeeded && !this.#hasKeptUp) return
    this.#hasKeptUp = isNeeded
    for (const thread of awake) thread.keepUpWithout(isNeeded)
    // That the last goroutine here has ended nobody tells.
    if (!isNeeded || this.#isLookAsked) return
    this.#isLookAsked = true
    later(() => {
      this.#isLookAsked = false
      this.look()
    }, lookAgainMillis)
  }
}
