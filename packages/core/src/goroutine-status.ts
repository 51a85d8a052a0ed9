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
