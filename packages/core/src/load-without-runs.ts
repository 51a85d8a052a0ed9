import { current } from "./processor.ts"

let loading = 0

/** Whether a `run` called now is another thread's: this one only loads the module that calls it. */
export const isElsewhere = (): boolean => loading > 0 && current.current === null

/**
 * Loads a module in whose program this thread has no part: what its top level would `run`, never starts, and its promise never settles. For those
 * who bring threads: a task may stand in the very module that runs the program.
 *
 * Laws
 * - It holds until `isLoaded` has settled, however long the module itself still waits.
 * - Goroutines of this thread can `run` meanwhile.
 *
 * @since 0.3.0
 */
export async function loadWithoutRuns<A>(isLoaded: PromiseLike<A>): Promise<A> {
  loading++
  try {
    return await isLoaded
  } finally {
    loading--
  }
}
