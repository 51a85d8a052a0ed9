/**
 * What a goroutine is doing: waiting for its turn, having it, parked at an op, or ended.
 *
 * @see Go: runtime._Grunnable, _Grunning, _Gwaiting, _Gdead
 * @since 0.1.0
 */
export type GoroutineStatus = "runnable" | "running" | "waiting" | "done"

export const Runnable = 0
export const Running = 1
export const Waiting = 2
export const Done = 3

export const statusNames: ReadonlyArray<GoroutineStatus> = ["runnable", "running", "waiting", "done"]

/** How the next step enters the generator. */
export const Next = 0
export const Throw = 1
export const Unwind = 2
/** Poll `op` first: its commit was put off. */
export const Poll = 3

/** How far an interruption has come. */
export const NotCancelled = 0
export const CancelRequested = 1
export const Unwinding = 2

/** How it ended. */
export const Live = 0
export const Returned = 1
export const Failed = 2
export const Panicked = 3
export const Interrupted = 4
