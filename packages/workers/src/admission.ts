import { boundHere, NotReady, Op, WaitList } from "@weft/core"
import { TooBusy } from "./worker-crashed.ts"

/** What a goroutine waits for. */
export const roomInPool = "room in a pool"

/**
 * Admission: how many tasks may wait in a pool, and who waits for room.
 *
 * A task takes its place when it is spawned, and gives it up when it is submitted, a little later: then the queue counts it, or a thread has it.
 */
export class Admission {
  readonly #pool: string
  readonly #maxQueue: number
  /** How many more tasks the threads would take at once, less those that wait. */
  readonly #roomLeft: () => number
  readonly #waiters = new WaitList()
  #reserved = 0

  constructor(pool: string, maxQueue: number, roomLeft: () => number) {
    this.#pool = pool
    this.#maxQueue = maxQueue
    this.#roomLeft = roomLeft
  }

  get isFull(): boolean {
    return this.#maxQueue !== Infinity && this.#reserved >= this.#maxQueue + this.#roomLeft()
  }

  /** Whether a task was spawned that has not been submitted. */
  get hasReserved(): boolean {
    return this.#reserved > 0
  }

  reserve(): void {
    if (this.isFull) throw new TooBusy(this.#pool, this.#maxQueue)
    this.#reserved++
  }

  release(): void {
    this.#reserved--
  }

  /** Calls `take` when there is room, which takes it: what that gives is what is waited for. */
  whenRoom<A>(take: () => A): Op<A> {
    return Op.make<A>({
      name: roomInPool,
      poll: () => (this.isFull ? NotReady : take()),
      enqueue: (waiter) => {
        // Into the run of the goroutine that waits, and not of whoever makes room.
        waiter.slot = boundHere(take)
        this.#waiters.push(waiter)
      },
      dequeue: (waiter) => this.#waiters.remove(waiter),
    })
  }

  /** Lets in whom there is room for. */
  admit(): void {
    while (!this.#waiters.isEmpty && !this.isFull) {
      const waiter = this.#waiters.shift()!
      // Asked before: a task can't be taken back from a select that has taken another case.
      if (!waiter.mayCommit()) continue
      try {
        waiter.commit((waiter.slot as () => unknown)())
      } catch (error) {
        waiter.fail(error)
      }
    }
  }

  fail(error: unknown): void {
    this.#waiters.failAll(() => error)
  }
}
