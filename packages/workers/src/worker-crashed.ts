import { Panic } from "@weft/core"

/**
 * The thread on which a task ran has ended, and the task with it.
 *
 * `reason` says how: what it threw outside any task, an exit code, or that it was ended because another task on it did not obey an interruption.
 *
 * @since 0.3.0
 */
export class WorkerCrashed extends Panic<{
  task: string
  thread: string
  reason: string
  exitCode: number | undefined
}> {
  override readonly name = "WorkerCrashed"

  constructor(task: string, thread: string, reason: string, exitCode: number | undefined, cause: unknown, advice = "") {
    super(
      `workers: thread ${thread} ended while it ran task "${task}" (${reason})${advice}`,
      { task, thread, reason, exitCode },
      cause === undefined ? undefined : { cause },
    )
  }
}

/**
 * Too many threads of a pool have ended within a time: it has stopped, with all that it had.
 *
 * @see OTP: restart intensity
 * @since 0.3.0
 */
export class PoolStopped extends Panic<{ pool: string; reason: string }> {
  override readonly name = "PoolStopped"

  constructor(pool: string, reason: string, cause?: unknown) {
    super(
      `workers: pool "${pool}" has stopped: ${reason}`,
      { pool, reason },
      cause === undefined ? undefined : { cause },
    )
  }
}

/** A pool whose queue is full. @since 0.3.0 */
export class TooBusy extends Panic<{ pool: string; maxQueue: number }> {
  override readonly name = "TooBusy"

  constructor(pool: string, maxQueue: number) {
    super(
      `workers: pool "${pool}" has as many tasks waiting as its maxQueue allows (${maxQueue}); wait for room with \`yield* pool.admit(task, ...args)\``,
      { pool, maxQueue },
    )
  }
}

/** A thread has imported the module of a task, and did not find it there. @since 0.3.0 */
export class TaskNotFound extends Panic<{ task: string; modules: ReadonlyArray<string> }> {
  override readonly name = "TaskNotFound"

  constructor(task: string, modules: ReadonlyArray<string>, why: string, cause?: unknown) {
    super(
      `workers: task "${task}" is not there after importing ${modules.join(" or ")} in a thread (${why}); call task(import.meta.url, ...) at the top level of a module that a thread can load`,
      { task, modules },
      cause === undefined ? undefined : { cause },
    )
  }
}

/** The default pool was configured too late. @since 0.3.0 */
export class DefaultPoolInUse extends Panic {
  override readonly name = "DefaultPoolInUse"

  constructor() {
    super("workers: the default pool is in use; call configureDefaultPool before the first spawn", {})
  }
}

/** This host has no threads, or none that can be found. @since 0.3.0 */
export class ThreadsUnavailable extends Panic {
  override readonly name = "ThreadsUnavailable"

  constructor() {
    super(
      "workers: this host has neither node:worker_threads nor Web Workers; use go(task, ...args), which needs no threads",
      {},
    )
  }
}
