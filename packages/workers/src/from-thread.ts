/** What a thread says to its pool: the kinds of messages. */

/** [Ready, its thread's number] */
export const Ready = 0
/** [Results, consumed, busy millis, (slot, code, value)*] */
export const Results = 1
/** [Hungry, consumed]: how far it is, where no results say so. */
export const Hungry = 2
/** [Asleep, messages received, report]: nothing in it can go on by itself. */
export const Asleep = 3
/** [Awake] */
export const Awake = 4
/** [Spawn, call, key, modules, name, is idempotent, options, flags, contexts, transferred, ...arguments] */
export const Spawn = 5
/** [Withdraw, call] */
export const Withdraw = 6
/** [ContextDone, context, cause]: of one that goes along with a task it has spawned. */
export const ContextDone = 9
export const Channel = 7
/** [Here, has no goroutine]: to an Ask. */
export const Here = 8
