import { afterTurn } from "./host.ts"
import { current } from "./processor.ts"

/** Loads under way, each with what ends it: its module waits for a run that does not start. */
const loading = new Set<() => void>()

/** Whether a `run` called now is another thread's: this one only loads the module that calls it. */
export function isElsewhere(): boolean {
  if (loading.size === 0 || current.current !== null) return false
  // Not at once: there may be another one in the same turn.
  const ends = [...loading]
  afterTurn(() => {
    for (const end of ends) end()
  })
  return true
}

/**
 * Loads a module in whose program this thread has no part: what its top level would `run`, never starts, and its promise never settles. For those
 * who bring threads: a task may stand in the very module that runs the program.
 *
 * Laws
 * - It holds until `isLoaded` has settled, or a `run` was held back: a module that waits for that one runs nothing else. Then what it gives settles.
 * - Goroutines of this thread can `run` meanwhile.
 *
 * @since 0.3.0
 */
export function loadWithoutRuns(isLoaded: PromiseLike<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      loading.delete(end)
      resolve()
    }
    loading.add(end)
    isLoaded.then(end, (error: unknown) => {
      loading.delete(end)
      reject(error)
    })
  })
}
