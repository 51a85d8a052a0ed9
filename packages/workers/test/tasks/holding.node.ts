/** Tasks that hold a lock, and may never let go of it. */
import { OwnerDied, type SharedMutex } from "@weft/sync"
import { task } from "@weft/workers"

/** Words of shared memory: how often its lock was taken, and how often given back, as far as whoever came next knows; and who has it. */
export const Taken = 0
export const Given = 1
export const Holder = 2
/** How often each task has run. */
export const Runs = 3

export type Ending = "ends" | "loops" | "blocks"

export const holds = task(
  import.meta.url,
  "holds",
  function* (i: number, mutex: SharedMutex, words: Int32Array, how: Ending) {
    Atomics.add(words, Runs + i, 1)
    yield* locks(mutex, words)
    words[Taken]! += 1
    Atomics.store(words, Holder, i)
    if (how === "loops") for (;;);
    if (how === "blocks") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    words[Given]! += 1
    mutex.unlock()
    return i
  },
)

/** Takes the lock, and mends what a holder has left that was ended. */
export function* locks(mutex: SharedMutex, words: Int32Array) {
  try {
    yield* mutex.lock()
  } catch (error) {
    if (!(error instanceof OwnerDied)) throw error
    yield* mutex.recover()
    words[Given] = words[Taken]!
  }
  if (words[Given] !== words[Taken]) throw new Error("somebody else has the lock, or nobody was told of his end")
}
