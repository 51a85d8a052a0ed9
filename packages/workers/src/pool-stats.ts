/** What a pool tells of itself. @since 0.3.0 */
export interface PoolStats {
  readonly name: string
  readonly threads: number
  /** Threads with nothing to do. */
  readonly idle: number
  /** Tasks in the pool's queue, and in those of its threads. */
  readonly queued: number
  /** Tasks that have begun and not ended. */
  readonly running: number
  readonly completed: number
  readonly failed: number
  /** Threads that ended without being told to, and how many of their tasks were run again. */
  readonly crashes: number
  readonly retried: number
  /** Tasks that one thread took from another's queue. */
  readonly stolen: number
}
