import type { ErrorOf, Goroutine, Yieldable } from "@weft/core"
import { defaultWorker, newDispatcher } from "./default-pool.ts"
import type { Dispatcher } from "./dispatcher.ts"
import { spawnOn } from "./spawn.ts"
import { noOptions } from "./spawn-options.ts"
import type { Task } from "./task.ts"

/** As many calls may block at once; more wait. Tokio allows 512, of threads that cost less. */
const mostThreads = 64
const idleTimeout = 10_000

let elastic: Dispatcher | undefined

/**
 * Runs a task that blocks its thread (synchronous files, a database, a long computation) on a thread of its own, so that no other goroutine stops for it.
 *
 * Such threads are apart from the default pool: as many as there are calls at once, 64 at most, each ended after ten seconds without one.
 *
 * @example
 * const rows = yield* blocking(query, "select * from orders")
 *
 * @see Go: a thread in a system call gives up its P; Tokio: spawn_blocking
 * @since 0.3.0
 */
export function blocking<A, Y extends Yieldable, Args extends ReadonlyArray<unknown>>(
  task: Task<A, Y, Args>,
  ...args: Args
): Goroutine<A, ErrorOf<Y>> {
  return spawnOn((elastic ??= elasticDispatcher()), noOptions, task, args)
}

const elasticDispatcher = (): Dispatcher =>
  newDispatcher({ name: "blocking", threads: mostThreads, idleTimeout, ...defaultWorker() }, { isExclusive: true })
