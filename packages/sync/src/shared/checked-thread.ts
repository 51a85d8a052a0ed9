import { InvalidAmount } from "../invalid-amount.ts"

/** Answers the number of a thread that has ended, or panics: a Worker that has exited has none any more. */
export function checkedThread(thread: number): number {
  if (Number.isSafeInteger(thread) && thread > 0) return thread
  throw new InvalidAmount(
    "threadDied: no thread has this number",
    thread,
    "worker.threadId + 1, read before the worker has ended, or what threadId() gave there",
  )
}
