/** A lock in shared memory whose owner may die. */
interface Recoverable {
  recover(): unknown
}

/**
 * The thread that held a shared lock has ended without unlocking it: what the lock guards may be half done. Nobody holds it now, and nobody
 * gets it until somebody has locked it by `recover()`.
 *
 * @see POSIX: EOWNERDEAD
 * @since 0.2.0
 */
export class OwnerDied extends Error {
  override readonly name = "OwnerDied"
  readonly lock: Recoverable

  constructor(lock: Recoverable) {
    super(
      "sync: the thread that held this lock has ended; lock it by recover(), mend what it guards, and unlock it as usual",
    )
    Object.defineProperty(this, "lock", { enumerable: false })
    this.lock = lock
  }
}
