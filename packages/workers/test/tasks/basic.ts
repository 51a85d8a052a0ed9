/** Tasks of the tests: threads import this file. */
import { chan, type Channel, select } from "@weft/channels"
import {
  context,
  type Context,
  failure,
  go,
  type Goroutine,
  gosched,
  joinAll,
  never,
  Op,
  sleep,
  threadId,
} from "@weft/core"
import type { AtomicInt32, SharedMutex } from "@weft/sync"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type Pool, spawn, spawnWith, type Task, task, transfer } from "@weft/workers"

export const square = task(import.meta.url, "square", function* (n: number) {
  return n * n
})

export const echo = task(import.meta.url, "echo", function* (value: unknown) {
  return value
})

export const whichThread = task(import.meta.url, "whichThread", function* () {
  return threadId()
})

export class NotFound extends Error {
  readonly _tag = "NotFound"
  override readonly name = "NotFound"
  readonly what: string

  constructor(what: string) {
    super(`no ${what}`)
    this.what = what
  }
}

export const throwing = task(import.meta.url, "throwing", function* (message: string) {
  throw new TypeError(message, { cause: new NotFound("cause") })
})

export const failing = task(import.meta.url, "failing", function* (what: string) {
  yield* Op.make<never, NotFound>({
    name: "failing",
    poll: () => {
      throw failure(new NotFound(what))
    },
    enqueue: () => undefined,
    dequeue: () => undefined,
  })
})

/** Until a failure would have been told that nobody is there for. */
function* ended(goroutine: Goroutine<unknown, unknown>) {
  while (goroutine.status !== "done") yield* sleep(1)
  for (let turn = 0; turn < 3; turn++) yield* sleep(1)
}

/** Joins late what fails, here or on another thread. */
export const joinsLate = task(import.meta.url, "joinsLate", function* (where: "here" | "there") {
  const goroutine = where === "here" ? go(failing, "late") : spawn(failing, "late")
  yield* ended(goroutine)
  try {
    yield* goroutine
  } catch (error) {
    return (error as NotFound).what
  }
  return "nothing"
})

export const leavesFailure = task(import.meta.url, "leavesFailure", function* () {
  yield* ended(spawn(failing, "left"))
})

export const unclonable = task(import.meta.url, "unclonable", function* () {
  return { inner: { f: () => 1 } }
})

/** Of a kind that only the host refuses. */
export const oddResult = task(import.meta.url, "oddResult", function* () {
  return [{ by: [1].values() }]
})

/** A port that is given away, beside a stream that is not. */
const portAndStream = () => [transfer(new MessageChannel().port1), new ReadableStream()]

export const returningPort = task(import.meta.url, "returningPort", function* () {
  return portAndStream()
})

export const spawningPort = task(import.meta.url, "spawningPort", function* () {
  yield* spawn(echo, portAndStream())
})

/** Waits for ever, says that it has begun, and that it unwinds. */
export const waiting = task(import.meta.url, "waiting", function* (begun: Channel<string>) {
  try {
    yield* begun.send("begun")
    yield* never
  } finally {
    yield* sleep(1)
    yield* begun.send("unwound")
  }
})

/** Has a task end by what goes with it, and joins nothing. */
export function* endsUnjoined(pool: Pick<Pool, "spawnWith"> | undefined, by: "context" | "signal") {
  const [ctx, cancel] = context.withCancel(context.background)
  const controller = new AbortController()
  const options = by === "context" ? { context: ctx } : { signal: controller.signal }
  const log = chan<string>()
  const goroutine = pool === undefined ? spawnWith(options, waiting, log) : pool.spawnWith(options, waiting, log)
  yield* log.receive()
  const why = new Error("enough")
  cancel(why)
  controller.abort(why)
  yield* log.receive()
  yield* ended(goroutine)
  return goroutine
}

export const endsHelper = task(import.meta.url, "endsHelper", function* (by: "context" | "signal") {
  yield* endsUnjoined(undefined, by)
  return "ended"
})

export const untilDone = task(import.meta.url, "untilDone", function* (ctx: Context, key: string) {
  yield* ctx.done
  return { err: ctx.err!.name, cause: String(ctx.cause), value: ctx.value(key), symbol: ctx.value(Symbol.for("weft")) }
})

export const deadlineOf = task(import.meta.url, "deadlineOf", function* (ctx: Context) {
  return ctx.deadline
})

export const untilAborted = task(import.meta.url, "untilAborted", function* (signal: AbortSignal) {
  return String(yield* Op.fromAbortSignal(signal))
})

export const relay = task(import.meta.url, "relay", function* (from: Channel<number>, to: Channel<number>) {
  let n = 0
  yield* from.forEach(function* (value) {
    n++
    yield* to.send(value)
  })
  return n
})

export const receiveOne = task(import.meta.url, "receiveOne", function* (from: Channel<unknown>) {
  return yield* from.next()
})

export const sendOne = task(import.meta.url, "sendOne", function* (to: Channel<unknown>, value: unknown) {
  yield* to.send(value)
})

export const sendAll = task(import.meta.url, "sendAll", function* (to: Channel<number>, values: ReadonlyArray<number>) {
  for (const value of values) yield* to.send(value)
})

export const closing = task(import.meta.url, "closing", function* (channel: Channel<unknown>) {
  channel.close()
})

/** Takes part in `rounds` exchanges on two channels, whichever way the select goes. */
export const exchanging = task(
  import.meta.url,
  "exchanging",
  function* (a: Channel<number>, b: Channel<number>, from: number, rounds: number) {
    let received = 0
    let sent = 0
    for (let i = 0; i < rounds; i++) {
      const hit = yield* select({ a: a.receive(), b: b.send(from + i) })
      if (hit.case === "a") received += hit.value!
      else sent += from + i
    }
    return { received, sent }
  },
)

export const makeChannel = task(
  import.meta.url,
  "makeChannel",
  function* (made: Channel<Channel<string>>, word: string) {
    const mine = yield* made.receive()
    yield* mine!.send(word)
  },
)

export const locking = task(import.meta.url, "locking", function* (mutex: SharedMutex, count: AtomicInt32, n: number) {
  for (let i = 0; i < n; i++) {
    // No `using`: threads of Node 22 read this file as it is.
    yield* mutex.lock()
    count.store(count.load() + 1)
    yield* gosched()
    mutex.unlock()
  }
})

export const firstBytes = task(import.meta.url, "firstBytes", function* (bytes: Uint8Array<ArrayBuffer>, n: number) {
  return transfer(bytes.slice(0, n))
})

export const fibonacci: Task<number, Op<[number, number]>, [number]> = task(
  import.meta.url,
  "fibonacci",
  function* (n: number) {
    if (n < 2) return n
    const [a, b] = yield* joinAll([spawn(fibonacci, n - 1), spawn(fibonacci, n - 2)])
    return a + b
  },
)

export const callsTask = task(import.meta.url, "callsTask", function* (each: typeof square, n: number) {
  const here = yield* each(n)
  const there = yield* spawn(each, n)
  return [here, there]
})

export const spin = task(import.meta.url, "spin", function* () {
  for (;;);
})

export const spinMillis = task(import.meta.url, "spinMillis", function* (millis: number) {
  const until = performance.now() + millis
  while (performance.now() < until);
  return threadId()
})

/** Blocks its thread until `n` of them have come. */
export const spinUntil = task(import.meta.url, "spinUntil", function* (arrived: AtomicInt32, n: number) {
  arrived.add(1)
  while (arrived.load() < n);
  return threadId()
})

/** Notes in shared memory that it has started: word 0 counts, the others say who. */
export const starting = task(import.meta.url, "starting", function* (n: number, words: Int32Array) {
  words[Atomics.add(words, 0, 1) + 1] = n
  yield* gosched()
  return threadId()
})

/** Tells its order, and lets others begin before it ends. */
export const noted = task(import.meta.url, "noted", function* (n: number, log: Channel<number>) {
  yield* log.send(n)
  yield* gosched()
  return threadId()
})

export const stuck = task(import.meta.url, "stuck", function* (channel: Channel<number>) {
  yield* go(function* () {
    yield* channel.receive()
  })
})

export const even = task(import.meta.url, "even", function* (n: number) {
  return n % 2 === 0
})

export const add = task(import.meta.url, "add", function* (sum: number, n: number) {
  return sum + n
})

export const failsAt = task(
  import.meta.url,
  "failsAt",
  function* ({ log, n }: { readonly log: Channel<string>; readonly n: number }) {
    if (n === 30) throw new RangeError(String(n))
    yield* log.send("ended")
  },
)

/** As `waiting`, for a loop. */
export const waitsAndNotes = task(import.meta.url, "waitsAndNotes", function* (log: Channel<string>) {
  try {
    yield* log.send("begun")
    yield* never
  } finally {
    yield* log.send("unwound")
  }
})

export const tracing = task(import.meta.url, "tracing", function* () {
  const { parent, traceId } = yield* Effect.currentSpan.pipe(Effect.withSpan("inner"), Effect.orDie)
  return { traceId, parentId: Option.getOrUndefined(parent)?.spanId }
})

export const twins = [
  task(import.meta.url, "twin", function* () {
    return "first"
  }),
  task(import.meta.url, "twin", function* () {
    return "second"
  }),
] as const

/** Gives a channel on which a goroutine sends that it leaves behind. */
export const leavesSender = task(import.meta.url, "leavesSender", function* (millis: number) {
  const words = chan<string>()
  go(function* () {
    yield* sleep(millis)
    yield* words.send("said later")
  })
  return words
})

/** Gives way again and again, and never parks, until it is told by shared memory. */
export const givingWay = task(import.meta.url, "givingWay", function* (over: AtomicInt32) {
  while (over.load() === 0) yield* gosched()
})

export const receivesFromNested = task(import.meta.url, "receivesFromNested", function* () {
  const words = yield* spawn(leavesSender, 0)
  return yield* words.receive()
})

/** Tries to send what can't go, and then what can. */
export const sendsFunction = task(import.meta.url, "sendsFunction", function* (to: Channel<unknown>) {
  let refused = ""
  try {
    yield* to.send(() => 1)
  } catch (error) {
    refused = (error as Error).name
  }
  yield* to.send(refused)
})

/** Collects what nobody on its thread has any more, and lets that be told. */
export const collects = task(import.meta.url, "collects", function* () {
  ;(globalThis as { gc?: () => void }).gc?.()
  yield* sleep(1)
})

/** Has another thread, or this one, send it back. */
export const relaysToNested = task(import.meta.url, "relaysToNested", function* (channel: Channel<unknown>) {
  return yield* spawn(echo, channel)
})

/** Says where it is, and parks until it may end. */
export const parks = task(import.meta.url, "parks", function* (where: Channel<number>, end: Channel<void>) {
  yield* where.send(threadId())
  yield* end.receive()
})

export const failsAt30 = task(import.meta.url, "failsAt30", function* (n: number) {
  if (n === 30) throw new RangeError(String(n))
  return n
})

export const forever = task(import.meta.url, "forever", function* (_: number) {
  yield* never
})

export const runsOn = task(import.meta.url, "runsOn", function* (_: number) {
  return threadId()
})

/** Sends 1, 2, ... until the channel is closed, and says how many it could, as it goes. */
export const sendsUntilClosed = task(
  import.meta.url,
  "sendsUntilClosed",
  function* (to: Channel<number>, sent: AtomicInt32) {
    try {
      for (let n = 1; ; n++) {
        yield* to.send(n)
        sent.store(n)
      }
    } catch (error) {
      return (error as Error).name
    }
  },
)

/** Gives back a channel beside what only the host can refuse. */
export const returnsOdd = task(import.meta.url, "returnsOdd", function* (channel: Channel<unknown>) {
  return [channel, new ReadableStream()]
})

export const sendsOdd = task(import.meta.url, "sendsOdd", function* (channel: Channel<unknown>, to: Channel<unknown>) {
  yield* to.send([channel, new ReadableStream()])
})

export const failsAlways = task(import.meta.url, "failsAlways", function* (n: number) {
  yield* gosched()
  throw new RangeError(`item ${n}`)
})

/** Changes what it was given. */
export const growing = task(import.meta.url, "growing", function* (list: Array<number>, bytes: Uint8Array) {
  list.push(1)
  bytes[0]! += 1
  return [list.length, bytes[0]]
})

const counted = { times: 0, history: [] as Array<number> }

/** Gives what its module has, and the next one changes. */
export const counting = task(import.meta.url, "counting", function* () {
  counted.history.push(++counted.times)
  return counted
})

const growingBytes = new Uint8Array(1)

export const countingBytes = task(import.meta.url, "countingBytes", function* () {
  growingBytes[0]! += 1
  return growingBytes
})
