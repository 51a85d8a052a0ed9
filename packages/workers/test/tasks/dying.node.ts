/** Tasks that end their thread, or won't end themselves. */
import { chan, type Channel, sharedChan, type SharedChannelHandle } from "@weft/channels"
import { schema } from "@weft/channels/schema"
import { go, never, sleep } from "@weft/core"
import { type SharedHandle, SharedMutex } from "@weft/sync"
import * as Schema from "effect/Schema"
import { spawnWith, task } from "@weft/workers"
import { waiting } from "./basic.ts"

/** Ends, and one of many ends its thread. */
export const endsOrExits = task(import.meta.url, "endsOrExits", function* (i: number, last: number) {
  if (i === last) process.exit(3)
  return i
})

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

/** Waits for ever, and again while it unwinds. */
export const unwindsNever = task(import.meta.url, "unwindsNever", function* (begun: Channel<void>) {
  try {
    yield* begun.send()
    yield* never
  } finally {
    yield* never
  }
})

export const locksAndExits = task(import.meta.url, "locksAndExits", function* (mutex: SharedMutex) {
  yield* mutex.lock()
  process.exit(1)
})

/** As `locksAndExits`, of a handle. */
export const attachesAndExits = task(
  import.meta.url,
  "attachesAndExits",
  function* ({ handle }: { readonly handle: SharedHandle<"SharedMutex"> }) {
    yield* SharedMutex.from(handle).lock()
    process.exit(1)
  },
)

export const textBySchema = schema(Schema.String, 100, "text")

/** Sends, and ends before it has woken anybody. */
export const sendsAndExits = task(import.meta.url, "sendsAndExits", function* (handle: SharedChannelHandle<string>) {
  const { ring } = sharedChan.from(textBySchema, handle)
  ring.claimAndWrite(ring.encode("sent"))
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

/** How often, and from which seed, tasks end their thread. */
export interface Chaos {
  readonly seed: number
  readonly share: number
}

/** The same for a seed, a task and how often it came there. */
function mayEnd({ seed, share }: Chaos, n: number, times: number): void {
  let hash = seed
  for (const each of [n, times]) hash = Math.imul(hash ^ each, 0x9e3779b1) ^ (hash >>> 15)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  if ((hash >>> 8) / 2 ** 24 < share) process.exit(7)
}

/** Counts its runs in word `n`, takes a while, and ends its thread now and then. */
function* counted(n: number, runs: Int32Array, chaos: Chaos) {
  const times = Atomics.add(runs, n, 1)
  yield* sleep(n % 3)
  mayEnd(chaos, n, times)
  return n
}

export const chaotic = task(import.meta.url, "chaotic", counted)

export const chaoticTwice = task(import.meta.url, "chaoticTwice", counted, { idempotent: true })

/** Sends its number, and may end its thread before and after. */
export const chaoticSender = task(
  import.meta.url,
  "chaoticSender",
  function* (n: number, to: Channel<number>, chaos: Chaos) {
    mayEnd(chaos, n, 0)
    yield* to.send(n)
    mayEnd(chaos, n, 1)
    return n
  },
)

/** Ends, and leaves behind what throws. */
export const leavesThrower = task(
  import.meta.url,
  "leavesThrower",
  function* (how: "goroutine" | "timer" | "text", late: Channel<void>) {
    if (how === "goroutine")
      go(function* () {
        yield* late.receive()
        throw new Error("nobody hears this")
      })
    else
      go(function* () {
        yield* late.receive()
        setTimeout(() => {
          throw how === "timer" ? new Error("nobody hears this") : "nobody hears this"
        })
      })
  },
)
