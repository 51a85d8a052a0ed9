import type { ErrorOf, Goroutine, Yieldable } from "@weft/core"
import { NotReady, Op } from "@weft/core"
import type { Executor } from "./call.ts"
import type { Dispatcher } from "./dispatcher.ts"
import type { PoolStats } from "./pool-stats.ts"
import { newDispatcher } from "./default-pool.ts"
import type { PoolOptions } from "./pool-options.ts"
import { spawnOn } from "./spawn.ts"
import { checkedOptions, noOptions, type SpawnOptions } from "./spawn-options.ts"
import type { Task } from "./task.ts"

/**
 * Threads of one's own, apart from the default pool: other limits, another environment, a bounded queue.
 *
 * Laws
 * - Threads start when tasks find none with room, or wait some milliseconds in one that does not come to them, at most `threads` of them: no task waits
 *   behind one that does not end while another thread may be started. A pool with nothing to do never keeps a process up.
 * - A thread that crashes fails the tasks that it had started, with {@link WorkerCrashed}; those marked idempotent run again; those that had not
 *   started are not lost. Another thread takes its place, until more than `restart.times` have crashed within `restart.within`: then the pool stops.
 * - `await using pool` waits for its tasks, and ends its threads; after a second also one that a goroutine has which never gives way.
 *
 * Errors: {@link InvalidOption}, `ThreadsUnavailable`.
 *
 * @example
 * await using pool = new Pool({ threads: 2, name: "images" })
 * await run(function* () {
 *   const thumbnail = yield* pool.spawn(shrink, "photo.jpg")
 * })
 *
 * @since 0.3.0
 */
export class Pool implements AsyncDisposable {
  readonly #dispatcher: Dispatcher

  constructor(options: PoolOptions = {}) {
    this.#dispatcher = newDispatcher(options)
    executors.set(this, this.#dispatcher)
  }

  get name(): string {
    return this.#dispatcher.settings.name
  }

  /** What it is doing now. */
  get stats(): PoolStats {
    return this.#dispatcher.stats
  }

  /** See {@link spawn}. Throws {@link TooBusy} where `maxQueue` tasks wait, {@link PoolStopped} once it has stopped. */
  spawn<A, Y extends Yieldable, Args extends ReadonlyArray<unknown>>(
    task: Task<A, Y, Args>,
    ...args: Args
  ): Goroutine<A, ErrorOf<Y>> {
    return spawnOn(this.#dispatcher, noOptions, task, args)
  }

  /** See {@link spawnWith}. */
  spawnWith<A, Y extends Yieldable, Args extends ReadonlyArray<unknown>>(
    options: SpawnOptions,
    task: Task<A, Y, Args>,
    ...args: Args
  ): Goroutine<A, ErrorOf<Y>> {
    return spawnOn(this.#dispatcher, checkedOptions(options), task, args)
  }

  /**
   * Spawns as soon as there is room in the queue, and gives the goroutine: back-pressure for whoever brings tasks faster than they are done.
   *
   * @example
   * for (const file of files) yield* pool.admit(index, file)
   */
  admit<A, Y extends Yieldable, Args extends ReadonlyArray<unknown>>(
    task: Task<A, Y, Args>,
    ...args: Args
  ): Op<Goroutine<A, ErrorOf<Y>>> {
    const dispatcher = this.#dispatcher
    return dispatcher.whenRoom(() => spawnOn(dispatcher, noOptions, task, args))
  }

  /** Waits until all of its tasks have ended. */
  drain(): Op<void> {
    const dispatcher = this.#dispatcher
    return Op.make<void>({
      name: "pool drain",
      poll: () => (dispatcher.isDrained ? undefined : NotReady),
      enqueue: (waiter) => dispatcher.drained.push(waiter),
      dequeue: (waiter) => dispatcher.drained.remove(waiter),
    })
  }

  /** Takes no more tasks, waits for those it has, and ends its threads. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.drain().promise()
    await this.#dispatcher.close()
  }

  /** Ends all threads now: what runs fails with {@link WorkerCrashed}, what waits with {@link PoolStopped}. */
  terminate(because = "it was terminated"): Promise<void> {
    return this.#dispatcher.kill(because)
  }
}

const executors = new WeakMap<Pool, Executor>()

/** Where its tasks go: for what runs tasks in it beside its own methods. */
export const executorOf = (pool: Pool): Executor => executors.get(pool)!
