import { Panic } from "@weft/core"

/** What was called. @since 0.1.0 */
export type Unlocking =
  | "Mutex.unlock"
  | "SharedMutex.unlock"
  | "SharedRWMutex.unlock"
  | "SharedRWMutex.runlock"
  | "RWMutex.unlock"
  | "RWMutex.runlock"

const phrases: Readonly<Record<Unlocking, string>> = {
  "Mutex.unlock": "unlock of unlocked mutex",
  "SharedMutex.unlock": "unlock of unlocked mutex",
  "SharedRWMutex.unlock": "Unlock of unlocked RWMutex",
  "SharedRWMutex.runlock": "RUnlock of unlocked RWMutex",
  "RWMutex.unlock": "Unlock of unlocked RWMutex",
  "RWMutex.runlock": "RUnlock of unlocked RWMutex",
}

/**
 * A lock was unlocked that nobody holds: a bug in the caller, so it panics. Nothing has changed.
 *
 * @see Go: "sync: unlock of unlocked mutex" and its like, which end the program
 * @since 0.1.0
 */
export class UnlockOfUnlocked extends Panic<{ call: Unlocking }> {
  override readonly name = "UnlockOfUnlocked"

  constructor(call: Unlocking) {
    super(`sync: ${phrases[call]} (${call}); unlock what is locked, once`, { call })
  }
}
