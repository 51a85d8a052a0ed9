/** Tasks that end their thread, or won't end themselves. */
import { chan, type Channel } from "@weft/channels"
import { never, sleep } from "@weft/core"
import type { SharedMutex } from "@weft/sync"
import { spawnWith, task } from "@weft/workers"
import { waiting } from "./basic.ts"

export const exits = task(import.meta.url, "exits", function* (code: number) {
  process.exit(code)
})

export const throwsOutside = task(import.meta.url, "throwsOutside", function* (message: string) {
  setTimeout(() => {
    throw new RangeError(message)
  })
  yield* never
})

export const fillsHeap = task(import.meta.url, "fillsHeap", function* () {
  const kept: Array<unknown> = []
  for (;;) kept.push(new Array(1000).fill({}))
})

export const spins = task(import.meta.url, "spins", function* (begun: Int32Array) {
  Atomics.store(begun, 0, 1)
  for (;;);
})

export const locksAndExits = task(import.meta.url, "locksAndExits", function* (mutex: SharedMutex) {
  yield* mutex.lock()
  process.exit(1)
})

/** Makes a channel and gives it away. */
export const makesChannel = task(import.meta.url, "makesChannel", function* (to: Channel<Channel<number>>) {
  yield* to.send(chan<number>())
  yield* never
})

/** Spawns a task on the thread of `key`, and ends its own when it is told to. */
export const spawnsAndExits = task(
  import.meta.url,
  "spawnsAndExits",
  function* (key: number, log: Channel<string>, end: Channel<void>) {
    spawnWith({ on: key }, waiting, log)
    yield* end.receive()
    process.exit(1)
  },
)

/** Its first run ends the thread, its second does not. */
export const diesOnce = task(
  import.meta.url,
  "diesOnce",
  function* (runs: Int32Array) {
    if (Atomics.add(runs, 0, 1) === 0) process.exit(1)
    return Atomics.load(runs, 0)
  },
  { idempotent: true },
)

/** Counts its runs in word `n`, takes a while, and ends its thread now and then. */
export const chaotic = task(import.meta.url, "chaotic", function* (n: number, runs: Int32Array, share: number) {
  Atomics.add(runs, n, 1)
  yield* sleep(n % 3)
  if (Math.random() < share) process.exit(7)
  return n
})

export const chaoticTwice = task(
  import.meta.url,
  "chaoticTwice",
  function* (n: number, runs: Int32Array, share: number) {
    Atomics.add(runs, n, 1)
    yield* sleep(n % 3)
    if (Math.random() < share) process.exit(7)
    return n
  },
  { idempotent: true },
)
