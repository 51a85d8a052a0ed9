/**
 * What the two sides of a thread say to each other: arrays that begin with their kind.
 *
 * Tasks and results go many to a message, flat: an array in an array costs more to copy than what it holds.
 */

/** To the thread. */
export const ToThread = {
  /** [Run, (slot, task, flags, count of arguments, ...arguments)*] */
  Run: 0,
  /** [Define, task, key, name, ...modules]: a task's number, before the first Run that has it. */
  Define: 1,
  /** [Interrupt, slot, number]: the number tells it from one that had the slot before. */
  Interrupt: 2,
  /** [Done, context, cause?]: a context that went along is done. */
  ContextDone: 3,
  /** [Close]: no more tasks. */
  Close: 4,
  /** [Settle, call, code, value]: the result of a task that the thread has spawned. */
  Settle: 5,
  /** [ContextValue...] and whatever belongs to channels: see channels/link.ts. */
  Channel: 6,
  /** [Dump, request]: what its goroutines are doing. */
  Dump: 7,
} as const

/** From the thread. */
export const FromThread = {
  /** [Ready] */
  Ready: 0,
  /** [Results, consumed, busy millis, (slot, code, value)*] */
  Results: 1,
  /** [Hungry, consumed]: its queue is empty. */
  Hungry: 2,
  /** [Asleep, messages received, report]: nothing in it can go on by itself. */
  Asleep: 3,
  /** [Awake] */
  Awake: 4,
  /** [Spawn, call, key, modules, name, is idempotent, options, flags, contexts, ...arguments] */
  Spawn: 5,
  /** [Withdraw, call] */
  Withdraw: 6,
  /** [ContextDone, context, cause]: of one that goes along with a task it has spawned. */
  ContextDone: 9,
  Channel: 7,
  /** [Dumped, request, goroutines] */
  Dumped: 8,
} as const

/** How a task ended. */
export const Ended = {
  Returned: 0,
  Failed: 1,
  Panicked: 2,
  Interrupted: 3,
  NotFound: 4,
} as const

/** Of a task's entry: something in the arguments has to be made again there. */
export const hasCarried = 1
/** Of a task's entry: the first of its arguments is the span that it belongs to. */
export const hasSpan = 2
/** Of a result's code: something in the value has to be made again here. */
export const valueIsCarried = 8
