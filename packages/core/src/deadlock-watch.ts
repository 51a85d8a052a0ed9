/**
 * DeadlockWatch: tells a certain deadlock from one that a host callback may still end.
 *
 * Weft counts what can wake a goroutine from inside. A host callback (a server's request) it can't see, but the host knows whether it has
 * anything left to do: Node says so by `beforeExit`. Then nothing can ever happen again, and the run fails. While the host is alive the
 * run is reported once and goes on. The idle timer does not keep the process alive, so it only fires where something else does.
 */
import { afterTurn, cancelTimeout, onHostEmpty, startIdleTimeout } from "./host.ts"

/** How long all must have been asleep before a report: shorter pauses of a server are nobody's concern. */
const reportAfterMillis = 1000

interface Watched {
  readonly isAsleep: boolean
  readonly isStuck: boolean
  failDeadlocked(): void
  reportDeadlock(): void
}

export class DeadlockWatch {
  readonly #run: Watched
  /** How often all have fallen asleep. */
  #sleeps = 0
  #isReported = false
  #timer: ReturnType<typeof startIdleTimeout> | undefined

  constructor(run: Watched) {
    this.#run = run
    watched.add(this)
    stopListening ??= onHostEmpty(hostIsEmpty)
  }

  /** All goroutines were asleep when the slice ended. */
  mayBeAsleep(): void {
    this.#sleeps++
    if (!this.#isReported && this.#timer === undefined) this.#startTimer()
  }

  #startTimer(): void {
    const sleeps = this.#sleeps
    this.#timer = startIdleTimeout(() => {
      this.#timer = undefined
      if (!this.#run.isAsleep) return
      // Somebody was awake in the meantime: this sleep has been shorter.
      if (this.#sleeps !== sleeps) return this.#startTimer()
      this.#isReported = true
      this.#run.reportDeadlock()
    }, reportAfterMillis)
  }

  get isStuck(): boolean {
    return this.#run.isStuck
  }

  failDeadlocked(): void {
    this.#run.failDeadlocked()
  }

  close(): void {
    if (this.#timer !== undefined) cancelTimeout(this.#timer)
    watched.delete(this)
    if (watched.size > 0) return
    stopListening?.()
    stopListening = undefined
  }
}

/** One listener for all: hosts warn of many. */
const watched = new Set<DeadlockWatch>()
let stopListening: (() => void) | undefined

/** Whatever a goroutine waits for, a promise included, can't happen any more. */
function hostIsEmpty(): void {
  stopListening = undefined
  const runs = [...watched]
  // The end of another run may be what one that is stuck waits for.
  const others = runs.filter(({ isStuck }) => !isStuck)
  for (const run of others.length > 0 ? others : runs) run.failDeadlocked()
  // They unwind, or the program handles it, and may deadlock again: the host says so a second time only after another turn.
  afterTurn(() => undefined)
  if (watched.size > 0) stopListening ??= onHostEmpty(hostIsEmpty)
}
