import { hostThreadId, randomSeed } from "./host.ts"

/** Thread numbers fit into 24 bits, so that a lock's word has room for one and a few flags. */
const mostThreads = 0xffffff

let id = 0

/**
 * This thread's number, 1 to 16,777,215: where the host numbers its threads (Node) one more than its `threadId`, else a random one.
 *
 * Shared locks note by it who holds them; `threadDied` of a lock takes it.
 *
 * @since 0.1.0
 */
export function threadId(): number {
  if (id === 0) id = ((hostThreadId() ?? randomSeed()) % mostThreads) + 1
  return id
}
