/**
 * What the two sides of a thread say to each other: arrays that begin with their kind.
 *
 * Tasks and results go many to a message, flat: an array in an array costs more to copy than what it holds.
 */

/** Of a task's entry: something in the arguments has to be made again there. */
export const hasCarried = 1
/** Of a task's entry: the first of its arguments is the span that it belongs to. */
export const hasSpan = 2
/** Of a call that a thread has spawned: it waits where the pool has no room. */
export const waitsForRoom = 4
/** Of a result's code: something in the value has to be made again here. */
export const valueIsCarried = 8
/** Of a result's code: the value is [value, transferred]. */
export const valueIsMoved = 16
/** Of a task's entry, for whoever sends it on to a thread: the arguments hold objects. */
export const hasObjects = 32
