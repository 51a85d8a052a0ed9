/** What a pool tells of itself. @since 0.3.0 */
export interface PoolStats {
  readonly name: string
  readonly threads: number
  /** Threads with nothing to do; those that still start are not among them. */
  readonly idle: number
  /** Tasks in the pool's queue, and in those of its threads. */
  readonly queued: number
  /** Tasks that have begun and not ended. */
  readonly running: number
  readonly completed: number
  readonly failed: number
  /** Threads that ended with what ran there: by themselves, for a task that did not end in its grace, by `terminate`. How many of their tasks were run again. */
  readonly crashes: number
  readonly retried: number
  /** Tasks that one thread took from another's queue. */
  readonly stolen: number
}
