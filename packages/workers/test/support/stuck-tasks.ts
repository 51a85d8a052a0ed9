/** Tasks that block their thread, or return and leave a goroutine there. */
import { type Channel, chan } from "@weft/channels"
import { go, gosched, sleep, threadId } from "@weft/core"
import type { AtomicInt32 } from "@weft/sync"
import { task } from "@weft/workers"

const word = new Int32Array(new SharedArrayBuffer(4))

/** As `spinUntil`, and leaves the processor to others. */
export const blocksUntil = task(import.meta.url, "blocksUntil", function* (arrived: AtomicInt32, n: number) {
  arrived.add(1)
  while (arrived.load() < n) Atomics.wait(word, 0, 0, 1)
  return threadId()
})

/** One that never gives way, from when it says so. */
export const leavesSpinning = task(import.meta.url, "leavesSpinning", function* (spins: AtomicInt32) {
  go(function* () {
    yield* sleep(1)
    spins.add(1)
    for (;;) Atomics.wait(word, 0, 0, 1)
  })
})

/** One that sends a number for each word it gets, until there are no more. */
export const leavesCounting = task(import.meta.url, "leavesCounting", function* (words: Channel<string>) {
  const counts = chan<number>()
  go(function* () {
    yield* words.forEach(function* (word) {
      yield* counts.send(word.length)
    })
    counts.close()
  })
  return counts
})

/** Sleeps, and blocks its thread from then on until it is told. */
export const sleepsThenSpins = task(import.meta.url, "sleepsThenSpins", function* (state: AtomicInt32) {
  yield* sleep(1)
  state.store(1)
  while (state.load() === 1) Atomics.wait(word, 0, 0, 1)
})

/** Waits for the channel's end, beside others. */
export const waitsForEnd = task(import.meta.url, "waitsForEnd", function* (begun: AtomicInt32, end: Channel<void>) {
  begun.add(1)
  yield* end.receive()
  yield* gosched()
})
