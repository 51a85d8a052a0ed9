import { chan, type Channel, type Receiver, type Sender } from "@weft/channels"
import { context, go, GoroutineInterrupted, gosched, never, Op } from "@weft/core"
import { type AtomicInt32, SharedMutex } from "@weft/sync"
import { parallel, Pool, spawn, spawnWith, task, TooBusy, transfer } from "@weft/workers"
import { leavesSender, untilDone, waiting } from "../tasks/basic.ts"

export const inner = task(import.meta.url, "inner", function* (n: number) {
  return n + 1
})

export const outer = task(import.meta.url, "outer", function* (n: number) {
  return yield* spawn(inner, n)
})

/** What a task waits for whose spawned task runs. */
export const reasonOfNested = task(import.meta.url, "reasonOfNested", function* () {
  const log = chan<string>()
  const goroutine = spawn(waiting, log)
  yield* log.receive()
  const { waitReason } = goroutine
  goroutine.interrupt()
  yield* log.receive()
  return waitReason
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

/** Spawns more than its pool has room for, keeps the thread until it may go on, and joins only the last, twice: what comes of that. */
export const floods = task(import.meta.url, "floods", function* (n: number, spawned: AtomicInt32, goOn: AtomicInt32) {
  const all = Array.from({ length: n }, () => spawn(inner, 1))
  yield* gosched()
  spawned.store(1)
  while (goOn.load() === 0);
  const names: Array<string> = []
  for (let i = 0; i < 2; i++)
    try {
      yield* all.at(-1)!
    } catch (error) {
      names.push(error instanceof TooBusy ? error.name : String(error))
    }
  return names
})

/** A loop in a task. */
export const maps = task(import.meta.url, "maps", function* (items: ReadonlyArray<number>) {
  return yield* parallel.map(items, inner)
})

const neverEnds = task(import.meta.url, "neverEnds", function* (_item: number) {
  yield* never
})

export const mapsForEver = task(import.meta.url, "mapsForEver", function* (items: ReadonlyArray<number>) {
  yield* parallel.forEach(items, neverEnds)
})

const counts = task(import.meta.url, "counts", function* (counter: AtomicInt32) {
  counter.add(1)
})

/**
 * Gives up a loop whose pieces wait for room behind another's, and tells how many had begun by then: none unless a slice has ended, as this thread
 * begins tasks between two. The other loop goes on.
 */
export const givesUpLoop = task(import.meta.url, "givesUpLoop", function* (begun: AtomicInt32) {
  const items = Array.from({ length: 50 }, (_, i) => i)
  const concurrency = items.length
  const other = go(parallel.forEach(items, inner, { concurrency }))
  const counters = items.map(() => begun)
  const loop = go(parallel.forEach(counters, counts, { concurrency }))
  for (let turn = 0; turn < 5; turn++) yield* gosched()
  loop.interrupt()
  try {
    yield* loop
  } catch (error) {
    if (!(error instanceof GoroutineInterrupted)) throw error
  }
  const before = begun.load()
  yield* other
  return before
})

const locksAndExits = task(import.meta.url, "locksAndExits", function* (mutex: SharedMutex) {
  yield* mutex.lock()
  process.exit(1)
})

/** What a lock says whose holder, on a thread that its maker spawned, has ended. */
export const outlivesHolder = task(import.meta.url, "outlivesHolder", function* (on: string) {
  const mutex = new SharedMutex()
  const errors: Array<string> = []
  try {
    yield* spawnWith({ on }, locksAndExits, mutex)
  } catch (error) {
    errors.push((error as Error).name)
  }
  try {
    yield* mutex.lock()
  } catch (error) {
    errors.push((error as Error).name)
  }
  return errors
})

const passesBack = task(import.meta.url, "passesBack", function* (port: MessagePort) {
  port.postMessage("there")
  return transfer(port)
})

/** Gives a port, which can't be copied, to a task, and has it back. */
export const lendsPort = task(import.meta.url, "lendsPort", function* (on: string) {
  const { port1, port2 } = new MessageChannel()
  const heard = new Promise<Array<unknown>>((resolve) => {
    const all: Array<unknown> = []
    port1.onmessage = ({ data }) => {
      if (all.push(data) === 2) resolve(all)
    }
  })
  const back = yield* spawnWith({ on }, passesBack, transfer(port2))
  back.postMessage("and back")
  const all = yield* Op.fromPromise(heard)
  port1.close()
  return all
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
