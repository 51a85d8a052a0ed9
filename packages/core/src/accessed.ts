type Listener = (on: object | undefined, isNew: boolean) => void

/** The exploration that is running a step; null outside the testing kit. */
let listener: Listener | null = null

/**
 * For those who write primitives: the state of what ops wait on, an op's `on`, is read or changed by a plain call (`close`, `done`,
 * `tryLock`) instead of an op's commit.
 *
 * `explore` learns from it which steps can't disturb each other. While nothing is explored it is one null check.
 *
 * @example
 * class Gate {
 *   readonly waiters = new WaitList()
 *   constructor() {
 *     made(this)
 *   }
 *   open() {
 *     accessed(this)
 *     this.waiters.commitAll(undefined)
 *   }
 * }
 *
 * @since 0.1.0
 */
export function accessed(on: object | undefined): void {
  if (listener !== null) listener(on, false)
}

/** Whether anybody listens to {@link accessed}: where finding out what is accessed costs something. @since 0.2.0 */
export function isExploring(): boolean {
  return listener !== null
}

/** For those who write primitives: `thing` is new. One that was not announced is taken for one that any step may disturb. @since 0.1.0 */
export function made(thing: object): void {
  if (listener !== null) listener(thing, true)
}

/** Answers whom it replaces. */
export function listenToAccesses(next: Listener | null): Listener | null {
  const previous = listener
  listener = next
  return previous
}
