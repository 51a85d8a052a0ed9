/** What program.ts does, by name, and what it has to print. */
export const points = {
  goroutines: "hello 499500",
  "spawn and join": "49",
  "1,000 tasks": "332833500",
  channels: "0,1,4,9,16",
  select: "late value",
  parallel: "1,4,9,16",
  "shared mutex": "2000",
  "shared channel": "0,1,2,3,4 0,1,2,3,4",
  blocking: "blocked",
  transfer: "0 8",
  "an endless loop": "GoroutineInterrupted, then 9",
  crash: "WorkerCrashed, then 9",
  "error's class": "NotFound 7",
  deadlock: "DeadlockError, chan receive",
} as const

export type Point = keyof typeof points
