/**
 * A module that a thread loads for what it defines, and in whose program the thread has no part.
 *
 * Its top level may `run` the program, and then often waits for that for ever: so whoever loads it hears of the module's end, or of its first `run`.
 * Until then a `run` outside any goroutine is taken for the module's; afterwards it is this thread's own, of an async function that a goroutine called.
 */
import { afterTurn } from "./host.ts"
import { current } from "./processor.ts"

/** What has become of a module: evaluated to its end, or kept at a `run` of its own. @since 0.3.0 */
export type Loaded = "to its end" | "to a run"

/** Those under way, by what they call when they come to a `run`. */
const loading = new Set<() => void>()

/** Whether a `run` called now is another thread's: this one only loads the module that calls it. */
export function isElsewhere(): boolean {
  if (loading.size === 0 || current.current !== null) return false
  const stopped = [...loading]
  // Not at once: the module may have more of them in a row.
  afterTurn(() => {
    for (const stop of stopped) stop()
  })
  return true
}

/**
 * Loads a module whose `run`s, if it has any at its top level, never start, and never settle. For those who bring threads: a task may stand in the
 * very module that runs the program.
 *
 * Laws
 * - It holds until the module is loaded, however long that takes, or has come to a `run`: the answer says which. Rejects with what the module throws.
 * - Goroutines of this thread can `run` meanwhile.
 *
 * @since 0.3.0
 */
export function loadWithoutRuns(module: PromiseLike<unknown>): Promise<Loaded> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      loading.delete(stop)
      resolve("to a run")
    }
    loading.add(stop)
    module.then(
      () => {
        loading.delete(stop)
        resolve("to its end")
      },
      (error: unknown) => {
        loading.delete(stop)
        reject(error)
      },
    )
  })
}

/**
 * A thread's first module, where whoever started the thread has left its promise: what is evaluated before the module that cares for threads may `run`
 * as well.
 */
const first = (globalThis as { [key: symbol]: PromiseLike<unknown> | undefined })[Symbol.for("@weft/core.loading")]
if (first !== undefined) loadWithoutRuns(first).catch(() => undefined)
