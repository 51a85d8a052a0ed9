import { describe, type Op, Panic } from "@weft/core"

/**
 * What can be locked and unlocked: a `Mutex`, an `RWMutex`, the read side of one (`rlocker()`), or your own. `E` is what locking may fail with:
 * `OwnerDied` for a lock in shared memory.
 *
 * @see Go: sync.Locker
 * @since 0.1.0
 */
export interface Locker<out E = never> {
  /** Waits for the lock; what it gives unlocks when disposed. */
  lock(): Op<Disposable, E>
  unlock(): void
}

/** Answers `locker`, or panics: what is no lock would be noticed at the first wait, with nothing to tell where it came from. */
export function checkedLocker<L extends Locker<unknown>>(caller: string, locker: L, kinds: string): L {
  const given = locker as Partial<L> | null | undefined
  if (typeof given?.lock === "function" && typeof given.unlock === "function") return locker
  throw new InvalidLocker(caller, describe(locker), kinds, locker)
}

/** Answers `locker`, or panics where it is none, or one that lies in the memory of one thread. */
export function checkedSharedLocker<L extends Locker<unknown>>(caller: string, locker: L): L {
  const kinds = "a SharedMutex, a SharedRWMutex or its rlocker()"
  const wait = checkedLocker(caller, locker, kinds).lock() as { readonly name?: unknown } | undefined
  if (typeof wait?.name !== "string") throw new InvalidLocker(caller, describe(locker), kinds, locker)
  // By what its waits are called, which the read side of one has as well.
  const local = /^sync\.((?:RW)?Mutex)\./.exec(wait.name)
  if (local === null) return locker
  throw new InvalidLocker(caller, `a ${local[1]!}, which other threads don't have`, kinds, locker)
}

/**
 * A Cond over what is no lock, or a SharedCond over one that other threads don't have.
 *
 * @since 0.3.0
 */
export class InvalidLocker extends Panic<{ given: unknown }> {
  override readonly name = "InvalidLocker"

  constructor(caller: string, what: string, kinds: string, given: unknown) {
    super(`sync: ${caller} over ${what}; pass a lock: ${kinds}`, { given })
  }
}
