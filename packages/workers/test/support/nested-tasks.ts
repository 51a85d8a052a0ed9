import { chan, type Channel, type Receiver, type Sender } from "@weft/channels"
import { context, gosched } from "@weft/core"
import { Pool, spawn, spawnWith, task } from "@weft/workers"
import { leavesSender, untilDone } from "../tasks/basic.ts"

export const inner = task(import.meta.url, "inner", function* (n: number) {
  return n + 1
})

export const outer = task(import.meta.url, "outer", function* (n: number) {
  return yield* spawn(inner, n)
})

/** Spawns a task on a thread that has not been started, and cancels its context before that has it. */
export const cancelsBefore = task(import.meta.url, "cancelsBefore", function* (on: string) {
  const [ctx, cancel] = context.withCancel(context.background)
  const goroutine = spawnWith({ on }, untilDone, ctx, "key")
  yield* gosched()
  cancel(new Error("changed my mind"))
  return yield* goroutine
})

/** What comes of a nested task that its pool has no room for. */
export const outerRefused = task(import.meta.url, "outerRefused", function* () {
  try {
    yield* spawn(inner, 1)
    return "done"
  } catch (error) {
    return (error as Error).name
  }
})

/** As `leavesSender`, on a thread that this one starts. */
export const leavesSenderBelow = task(import.meta.url, "leavesSenderBelow", function* () {
  return yield* new Pool({ threads: 1, name: "below" }).spawn(leavesSender, 0)
})

type Made = Channel<Channel<unknown>>

/** Makes a channel and gives it away, and ends its thread when it is told to. */
export const makesAndExits = task(
  import.meta.url,
  "makesAndExits",
  function* (made: Sender<Channel<unknown>>, end: Receiver<void>) {
    yield* made.send(chan<unknown>())
    yield* end.receive()
    process.exit(1)
  },
)

/** As `makesAndExits`, on a thread that this one starts; and this one ends as well, when it is told to. */
export const makesBelow = task(
  import.meta.url,
  "makesBelow",
  function* (made: Made, endBelow: Channel<void>, end: Channel<void>) {
    const pool = new Pool({ threads: 1, name: "below", restart: { times: 10, within: "1 second" } })
    pool
      .spawn(makesAndExits, made, endBelow)
      .join()
      .promise()
      .catch(() => undefined)
    yield* end.receive()
    process.exit(1)
  },
)
