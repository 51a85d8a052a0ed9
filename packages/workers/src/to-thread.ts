/** What a pool says to its thread: the kinds of messages. */

/** [Run, (slot, task, flags, count of arguments, ...arguments)*] */
export const Run = 0
/** [Define, task, key, name, ...modules]: a task's number, before the first Run that has it. */
export const Define = 1
/** [Interrupt, slot, number]: the number tells it from one that had the slot before. */
export const Interrupt = 2
/** [ContextDone, context, cause?]: a context that went along is done. */
export const ContextDone = 3
/** [Close]: no more tasks. */
export const Close = 4
/** [Settle, call, code, value]: the result of a task that the thread has spawned. */
export const Settle = 5
/** [Channel, (to, from, entry)*]: see channels/hub.ts. */
export const Channel = 6
/** [Ask]: to be answered at once, and again once the thread has no goroutine left. */
export const Ask = 7
