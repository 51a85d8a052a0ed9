/**
 * RunQueue: the default scheduler, a FIFO ring with one place in front for a woken goroutine (Go's runnext).
 *
 * Invariants:
 *   1. slots.length is a power of two; head and tail count up for ever (as 32-bit integers), tail - head is the number in the ring.
 *   2. A slot that was taken is cleared: a goroutine that ended must not be kept by it.
 */
import type { Goroutine } from "./goroutine.ts"
import { randomSeed } from "./host.ts"
import { Random } from "./random.ts"
import type { Scheduler } from "./scheduler.ts"

type G = Goroutine<unknown, unknown>

/** How often in a row the front place may be used while others wait: Tokio's cap is 3, Go's a time slice. */
const frontRuns = 16

export class RunQueue implements Scheduler {
  #slots: Array<G | undefined> = new Array<G | undefined>(64).fill(undefined)
  #mask = 63
  #head = 0
  #tail = 0
  #front: G | undefined = undefined
  #frontLeft = frontRuns
  readonly #random = new Random(randomSeed())

  get length(): number {
    return ((this.#tail - this.#head) | 0) + (this.#front === undefined ? 0 : 1)
  }

  push(goroutine: G): void {
    if (((this.#tail - this.#head) | 0) > this.#mask) this.#grow()
    this.#slots[this.#tail & this.#mask] = goroutine
    this.#tail = (this.#tail + 1) | 0
  }

  pushWoken(goroutine: G): void {
    // Only the first: several woken at once run in the order they were woken.
    if (this.#front === undefined) this.#front = goroutine
    else this.push(goroutine)
  }

  next(): G | undefined {
    const front = this.#front
    if (front !== undefined && (this.#frontLeft > 0 || this.#tail === this.#head)) {
      this.#front = undefined
      this.#frontLeft--
      return front
    }
    this.#frontLeft = frontRuns
    if (this.#tail === this.#head) return undefined
    const at = this.#head & this.#mask
    const goroutine = this.#slots[at]
    this.#slots[at] = undefined
    this.#head = (this.#head + 1) | 0
    return goroutine
  }

  choose(n: number): number {
    return this.#random.below(n)
  }

  #grow(): void {
    const size = this.#mask + 1
    const grown = new Array<G | undefined>(size * 2).fill(undefined)
    for (let i = 0; i < size; i++) grown[i] = this.#slots[(this.#head + i) & this.#mask]
    this.#slots = grown
    this.#mask = size * 2 - 1
    this.#head = 0
    this.#tail = size
  }
}
