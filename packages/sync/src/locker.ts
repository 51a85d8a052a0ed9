import type { Op } from "@weft/core"

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
