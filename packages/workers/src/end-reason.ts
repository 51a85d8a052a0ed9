import type { ThreadEnd } from "./platform/platform.ts"
import type { Thread } from "./thread-handle.ts"

/** Why a thread has ended, in words. */
export function reasonOf(thread: Thread, { error, exitCode }: ThreadEnd): string {
  if (thread.killedBecause !== undefined) return thread.killedBecause
  if (error instanceof Error) return `${error.name}: ${error.message}`
  if (error !== undefined) return `it threw ${typeof error === "string" ? error : typeof error}`
  return exitCode === undefined ? "it was ended" : `exit code ${exitCode}`
}
