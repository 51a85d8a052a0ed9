/**
 * Fates: which threads are being ended or have ended, where all threads of the program see it at once: one that spins on a claim reads no messages.
 *
 * Memory, Int32, every access atomic: word n & 1023 is thread * 2 + 1 for the thread n that was ended last of those with that word, by whoever
 * had started it, or by itself. A thread ends once, and numbers are hardly used again: nobody takes a word back.
 */
import { threadId } from "@weft/core"

const mask = 1023

export type FateWords = Int32Array<SharedArrayBuffer>

let words: FateWords | undefined

/** The program's: made by its first thread when that starts another one, and told to each. Undefined without shared memory. */
export function fates(): FateWords | undefined {
  try {
    return (words ??= new Int32Array(new SharedArrayBuffer((mask + 1) * 4)))
  } catch {
    return undefined
  }
}

/** In a pool's thread: those of the one that started it. */
export function inheritFates(those: FateWords | undefined): void {
  words = those
  // It may end by itself, where a fiber runs on in a commit: whoever has started it may be just the one that spins, and reads no message of its
  // end. (One that has run out of memory can say nothing.)
  if (those !== undefined) whenEnds(() => doom(threadId()))
}

/** Before this thread ends by itself or by `process.exit`, where the host tells. */
function whenEnds(f: () => void): void {
  ;(globalThis as { process?: { once?(event: string, f: () => void): unknown } }).process?.once?.("exit", f)
}

/** This thread ends it, has seen its end, or is it. */
export function doom(thread: number): void {
  const known = fates()
  if (known !== undefined) Atomics.store(known, thread & mask, (thread << 1) | 1)
}

export const isDoomed = (thread: number): boolean =>
  words !== undefined && Atomics.load(words, thread & mask) === ((thread << 1) | 1)
