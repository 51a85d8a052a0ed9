/**
 * Stalls: finds the threads that come to none of the tasks which wait there: behind one that takes long, or never ends, or a goroutine that one has left.
 *
 * How long a task takes nobody says, and most are over sooner than a thread starts. So a task may wait in a thread's queue, and others are to do it when
 * that thread has come to none for a while.
 *
 * Invariant: while a call waits in a thread's queue a look at it is due. Without shared memory nothing could be taken back, and nobody looks.
 */
import { newControl } from "./control.ts"
import { later, now } from "./host.ts"
import type { Thread } from "./thread-handle.ts"
import type { ThreadSet } from "./thread-set.ts"

const soonMillis = 5
/** Where nobody can do what waits, one looks less and less often. */
const seldomMillis = 100

export class Stalls {
  readonly #threads: ThreadSet
  readonly #found: (thread: Thread) => void
  /** How far a thread is can be seen without asking it. */
  readonly #canSee = newControl() !== undefined
  /** Until the next look; 0 while none is due. */
  #pause = 0
  #stop: () => void = () => undefined
  /** Whether the last look has found any. */
  areAny = false

  constructor(threads: ThreadSet, found: (thread: Thread) => void) {
    this.#threads = threads
    this.#found = found
  }

  /** A thread was given a task. */
  watch(): void {
    if (this.#pause === soonMillis || !this.#canSee) return
    this.#stop()
    this.#lookAfter(soonMillis)
  }

  #lookAfter(millis: number): void {
    this.#pause = millis
    this.#stop = later(() => this.#look(), millis)
  }

  #look(): void {
    const waiting = this.#threads.all.filter((thread) => thread.live > 0 && thread.queued > 0)
    const at = now()
    const stalled = waiting.filter((thread) => thread.looksStalled(at))
    this.areAny = stalled.length > 0
    this.#lookAfter(Math.min(seldomMillis, this.#pause * 2))
    for (const thread of stalled) this.#found(thread)
    if (waiting.length > 0) return
    this.#stop()
    this.#pause = 0
  }
}
