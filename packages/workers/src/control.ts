/**
 * Control: the words that a thread and the one that started it both look at. Without shared memory there are none, and messages do instead.
 *
 * Memory, Int32, every access atomic:
 *   WAKE      counts messages posted to the thread; the starting thread adds, and notifies while NAPS is 1.
 *   NAPS      1 while the thread sleeps on WAKE instead of in its event loop. The thread writes it.
 *   CONSUMED  the number of the last task that the thread has taken out of its queue: started, or found claimed. The thread writes it.
 *   IDLE      1 while the thread has no goroutine to run: from before its last results are posted, so that whoever hears of those knows. The thread writes it.
 *   LOADING   one more than the number by which it knows the task (`Define`) whose module it imports, 0 while it imports none. The thread writes it.
 *   CLAIMS    512 words, word n & 511 for the task that was sent as the n-th: n while it may be started, -n once the thread has started it, 0 once
 *             the starting thread has taken it back. Whoever changes n, by compare-and-swap, has the task: nobody else starts or sends it again.
 *             The word is written again only 512 tasks later, and at most 256 are queued: a thread that is about to claim n can't meet n + 512.
 */
const WAKE = 0
const NAPS = 1
const CONSUMED = 2
const IDLE = 3
const LOADING = 4
const CLAIMS = 16
const mask = 511

/** The most tasks that wait in a thread's queue. */
export const mostQueued = 256

export type ControlWords = Int32Array<SharedArrayBuffer>

/** Numbers of tasks stay within 30 bits; 0 is never one. */
export const nextNumber = (n: number): number => (n >= 0x3fffffff ? 1 : n + 1)

/** How many tasks were numbered after `from`, up to `to`. */
export const numbersBetween = (from: number, to: number): number => (to >= from ? to - from : to - from + 0x3fffffff)

export function newControl(): ControlWords | undefined {
  try {
    return new Int32Array(new SharedArrayBuffer((CLAIMS + mask + 1) * 4))
  } catch {
    return undefined
  }
}

// ---- the starting thread's

export function offerTask(words: ControlWords, n: number): void {
  Atomics.store(words, CLAIMS + (n & mask), n)
}

/** Whether the thread has not started it. */
export const isOffered = (words: ControlWords, n: number): boolean => Atomics.load(words, CLAIMS + (n & mask)) === n

/** False: the thread has started it. */
export function takeBackTask(words: ControlWords, n: number): boolean {
  return Atomics.compareExchange(words, CLAIMS + (n & mask), n, 0) === n
}

export function countMessage(words: ControlWords): void {
  Atomics.add(words, WAKE, 1)
}

/** After it was counted, so that the thread does not fall asleep on the old count. */
export function wakeThread(words: ControlWords): void {
  if (Atomics.load(words, NAPS) === 1) Atomics.notify(words, WAKE)
}

export const lastConsumed = (words: ControlWords): number => Atomics.load(words, CONSUMED)
export const isThreadIdle = (words: ControlWords): boolean => Atomics.load(words, IDLE) === 1
export const taskLoading = (words: ControlWords): number => Atomics.load(words, LOADING)

// ---- the thread's

/** False: it has been taken back. */
export function claimTask(words: ControlWords, n: number): boolean {
  return Atomics.compareExchange(words, CLAIMS + (n & mask), n, -n) === n
}

export function setConsumed(words: ControlWords, n: number): void {
  Atomics.store(words, CONSUMED, n)
}

export function setIdle(words: ControlWords, isIdle: boolean): void {
  Atomics.store(words, IDLE, isIdle ? 1 : 0)
}

/** `n`: the task's number and one, or 0: none any more. */
export function setLoading(words: ControlWords, n: number): void {
  Atomics.store(words, LOADING, n)
}

export const wakes = (words: ControlWords): number => Atomics.load(words, WAKE)

/** Sleeps until WAKE is no longer `seen`, for `millis` at most. */
export function nap(words: ControlWords, seen: number, millis: number): void {
  Atomics.store(words, NAPS, 1)
  Atomics.wait(words, WAKE, seen, millis)
  Atomics.store(words, NAPS, 0)
}
