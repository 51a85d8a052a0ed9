/** The other thread of `shared-mutex-pair`, and what both do. */
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { run } from "@weft/core"
import { type SharedHandle, SharedMutex } from "@weft/sync"
import { Mutex } from "multithreading"

export interface Shared {
  readonly mutex: SharedHandle<"SharedMutex">
  /** The lock of a mutex of `multithreading`. */
  readonly lock: SharedArrayBuffer
  /** A plain word, which the mutex guards. */
  readonly words: Int32Array
}

/** Whose mutex, and how often. */
export interface Order {
  readonly by: "weft" | "multithreading"
  readonly times: number
}

/** Either mutex, as one thread has it. */
export class Lockers {
  readonly #mutex: SharedMutex
  readonly #other: Mutex
  readonly #words: Int32Array

  constructor({ lock, mutex, words }: Shared) {
    this.#mutex = SharedMutex.from(mutex)
    this.#other = new Mutex(undefined, lock)
    this.#words = words
  }

  async lock({ by, times }: Order): Promise<void> {
    const mutex = this.#mutex
    const words = this.#words
    if (by === "weft")
      return run(function* () {
        for (let i = 0; i < times; i++) {
          yield* mutex.lock()
          words[0] = words[0]! + 1
          mutex.unlock()
        }
      })
    for (let i = 0; i < times; i++) {
      const guard = await this.#other.lock()
      words[0] = words[0]! + 1
      guard.dispose()
    }
  }
}

/** Started once for all samples. */
let both: Promise<(order: Order) => Promise<number>> | undefined

/** What makes both threads lock so many times; it answers what they have counted. */
export function startLockers(): Promise<(order: Order) => Promise<number>> {
  return (both ??= start())
}

async function start(): Promise<(order: Order) => Promise<number>> {
  const words = new Int32Array(new SharedArrayBuffer(4))
  const shared: Shared = { mutex: new SharedMutex().share(), lock: new SharedArrayBuffer(4), words }
  const worker = new Worker(new URL("./shared-locker.ts", import.meta.url), {
    workerData: shared,
    execArgv: ["--conditions=@weft/source", "--disable-warning=ExperimentalWarning"],
  })
  await once(worker, "message")
  worker.unref()
  const own = new Lockers(shared)
  return async (order) => {
    words[0] = 0
    worker.ref()
    const done = once(worker, "message")
    worker.postMessage(order)
    await own.lock(order)
    await done
    worker.unref()
    return words[0]
  }
}
