/** How a task ended: in results. */

export const Returned = 0
export const Failed = 1
export const Panicked = 2
export const Interrupted = 3
export const NotFound = 4
/** One that a thread has spawned: its pool has not taken it. */
export const Refused = 5
