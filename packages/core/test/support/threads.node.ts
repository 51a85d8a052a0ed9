/**
 * Real threads for tests: workers that all run one function of one module, from the same moment on.
 *
 * The function is an export of a module of its own, called with the test's data and the thread's index, and what it returns or promises is
 * the thread's result. Data and results travel by structured clone, so what is shared goes as a SharedArrayBuffer or a `share()`d handle.
 *
 * Node loads that module and what it imports from source, by erasing the types. So it imports by `./name.ts` or `@weft/...`, and uses no
 * `using`, which Node 22 can't read.
 */
import { Worker } from "node:worker_threads"
import { arrive } from "./gate.node.ts"
import type { Begin, Report } from "./thread-main.node.ts"

/** What a thread runs: a function of what the test gives it, and of which thread it is, from 0 on. */
type Work = (data: never, index: number) => unknown
type DataOf<W extends Work> = Parameters<W>[0]
type ResultOf<W extends Work> = Awaited<ReturnType<W>>

/**
 * Runs `name` of `module` on `count` threads, and gives their results in the order of their indices once all have ended. It fails with the
 * first error of one of them. In both cases no thread is left.
 *
 * @example
 * // in add.node.ts
 * export function addMany(words: Int32Array, index: number): number {
 *   for (let i = 0; i < 1_000; i++) Atomics.add(words, 0, 1)
 *   return index
 * }
 * // in the test
 * import type { addMany } from "./add.node.ts"
 * const words = new Int32Array(new SharedArrayBuffer(4))
 * const indices = await onThreads<typeof addMany>(4, new URL("./add.node.ts", import.meta.url), "addMany", words)
 * expect(words[0]).toBe(4_000)
 */
export async function onThreads<W extends Work>(
  count: number,
  module: URL,
  name: string,
  data: DataOf<W>,
): Promise<Array<ResultOf<W>>> {
  await using threads = new Threads<W>(count, module, name, data)
  const results = await Promise.all(threads.results)
  // By themselves: one that is terminated may take a wake-up with it that somebody else waits for.
  await Promise.all(threads.ends)
  return results
}

/**
 * The same, held by hand: for a test that talks to its threads, or ends one in the middle of its work. Take it by `await using`: that ends all.
 *
 * No thread begins before all have loaded the module, so that they run at the same time and not one after the other. One that ends before it
 * could begin keeps the others from nothing.
 */
export class Threads<W extends Work> implements AsyncDisposable {
  readonly workers: ReadonlyArray<Worker>
  /** One of each thread. Rejects with what its function threw, or with {@link EndedEarly}. */
  readonly results: ReadonlyArray<Promise<ResultOf<W>>>
  /** One of each thread: it has ended, somehow. */
  readonly ends: ReadonlyArray<Promise<void>>

  constructor(count: number, module: URL, name: string, data: DataOf<W>) {
    const gate = new Int32Array(new SharedArrayBuffer(4 * (1 + count)))
    this.workers = Array.from({ length: count }, (_, index) => start({ module: module.href, name, data, index, gate }))
    this.results = this.workers.map((worker, index) => resultOf<ResultOf<W>>(worker, index, gate))
    this.ends = this.workers.map((worker) => new Promise((resolve) => worker.once("exit", () => resolve())))
    // A test may look at some of them only.
    for (const result of this.results) result.catch(() => {})
  }

  /** Ends one thread wherever it is; its result rejects with {@link EndedEarly} if it had none. */
  async terminate(index: number): Promise<void> {
    await this.workers[index]!.terminate()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()))
  }
}

/** A thread ended before its function did: somebody terminated it, or it called `process.exit`. */
export class EndedEarly extends Error {
  override readonly name = "EndedEarly"

  constructor(index: number, code: number) {
    super(`thread ${index} ended with code ${code} before it had a result`)
  }
}

function start(begin: Begin): Worker {
  return new Worker(new URL("./thread-main.node.ts", import.meta.url), {
    workerData: begin,
    // Its own flags and not the test runner's, some of which a thread refuses.
    execArgv: ["--conditions=@weft/source", "--disable-warning=ExperimentalWarning"],
  })
}

function resultOf<R>(worker: Worker, index: number, gate: Int32Array): Promise<R> {
  return new Promise((resolve, reject) => {
    worker.on("message", (message: unknown) => {
      const report = message as Report | undefined
      if (report?.weftTest !== "ended") return
      if ("error" in report) reject(report.error)
      else resolve(report.result as R)
    })
    worker.on("error", reject)
    worker.on("exit", (code) => {
      arrive(gate, index)
      reject(new EndedEarly(index, code))
    })
  })
}
