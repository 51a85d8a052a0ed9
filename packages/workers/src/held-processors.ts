import { hold, type Processor } from "@weft/core"

/**
 * HeldProcessors: whether a pool's threads may still wake somebody here.
 *
 * While they may, no deadlock is certain, whatever it is that a goroutine waits for: a channel that another thread has. And virtual time stands still
 * where a goroutine waits for a task.
 *
 * Invariant: while `isHeld`, each processor with a goroutine that waits for a task has one `outside` of this.
 */
export class HeldProcessors {
  readonly #waiting = new Map<Processor, number>()
  #isHeld = false
  #hold: Disposable | undefined

  get isEmpty(): boolean {
    return this.#waiting.size === 0
  }

  get isHeld(): boolean {
    return this.#isHeld
  }

  /** One more goroutine waits. */
  add(processor: Processor): void {
    const before = this.#waiting.get(processor) ?? 0
    this.#waiting.set(processor, before + 1)
    if (before === 0 && this.#isHeld) processor.outside++
  }

  /** One waits no more. */
  remove(processor: Processor): void {
    const left = this.#waiting.get(processor)! - 1
    if (left > 0) return void this.#waiting.set(processor, left)
    this.#waiting.delete(processor)
    if (!this.#isHeld) return
    processor.outside--
    processor.lookForSleep()
  }

  hold(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return
    this.#isHeld = isHeld
    if (isHeld) this.#hold = hold()
    for (const processor of this.#waiting.keys()) {
      processor.outside += isHeld ? 1 : -1
      if (!isHeld) processor.lookForSleep()
    }
    if (!isHeld) this.#hold?.[Symbol.dispose]()
  }
}
