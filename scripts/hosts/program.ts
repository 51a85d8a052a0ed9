/** Runs one point, by its name, in whatever host this is, and prints what has come of it. The tasks run on threads. */
import { chan, type Channel, codec, select, sharedChan, type Sender, type SharedChannel } from "@weft/channels"
import { DeadlockError, go, type Op, run, sleep } from "@weft/core"
import { AtomicInt32, SharedMutex } from "@weft/sync"
import { blocking, parallel, Pool, spawn, task, transfer } from "@weft/workers"
import { points, type Point } from "./points.ts"

class NotFound extends Error {
  override readonly name = "NotFound"
  readonly id: number
  constructor(id: number) {
    super(`no ${id}`)
    this.id = id
  }
}

const square = task(import.meta.url, "square", function* (n: number) {
  yield* sleep(0)
  return n * n
})
const squares = task(import.meta.url, "squares", function* (out: Sender<number>, n: number) {
  for (let i = 0; i < n; i++) yield* out.send(i * i)
  out.close()
})
const count = task(import.meta.url, "count", function* (mutex: SharedMutex, cell: AtomicInt32, times: number) {
  for (let i = 0; i < times; i++) {
    const guard = yield* mutex.lock()
    cell.store(cell.load() + 1)
    guard[Symbol.dispose]()
  }
})
const sendAll = task(import.meta.url, "sendAll", function* (out: SharedChannel<number>, n: number) {
  for (let i = 0; i < n; i++) yield* out.send(i)
  out.close()
})
const hold = task(import.meta.url, "hold", function* (millis: number) {
  const until = Date.now() + millis
  while (Date.now() < until);
  yield* sleep(0)
  return "blocked"
})
const size = task(import.meta.url, "size", function* (bytes: Uint8Array) {
  yield* sleep(0)
  return bytes.byteLength
})
const spin = task(import.meta.url, "spin", function* () {
  yield* sleep(0)
  for (;;);
})
const die = task(import.meta.url, "die", function* () {
  yield* sleep(0)
  ;(globalThis as { process?: { exit(code: number): never } }).process!.exit(3)
})
const lose = task(import.meta.url, "lose", function* (id: number) {
  yield* sleep(0)
  throw new NotFound(id)
})
const receive = task(import.meta.url, "receive", function* (from: Channel<number>) {
  return yield* from.receive()
})

type Steps = Generator<Op<unknown, unknown>, string, unknown>

const programs: Readonly<Record<Point, () => Steps>> = {
  *goroutines() {
    const words = chan<string>()
    go(words.send("hello"))
    let sum = 0
    for (let i = 0; i < 1000; i++)
      sum += yield* go(function* () {
        return i
      })
    return `${yield* words.receive()} ${sum}`
  },
  *"spawn and join"() {
    return `${yield* spawn(square, 7)}`
  },
  *"1,000 tasks"() {
    const all = Array.from({ length: 1000 }, (_, i) => spawn(square, i))
    let sum = 0
    for (const each of all) sum += yield* each
    return `${sum}`
  },
  *channels() {
    const out = chan<number>(2)
    const got: Array<number> = []
    const sender = spawn(squares, out, 5)
    yield* out.forEach((n) => void got.push(n))
    yield* sender
    return got.join()
  },
  *select() {
    const out = chan<number>()
    const first = yield* select({ value: out.receive(), late: sleep(20) })
    spawn(squares, out, 1)
    const second = yield* select({ value: out.receive(), late: sleep("1 minute") })
    return `${first.case} ${second.case}`
  },
  *parallel() {
    return (yield* parallel.map([1, 2, 3, 4], square)).join()
  },
  *"shared mutex"() {
    const [mutex, cell] = [new SharedMutex(), new AtomicInt32()]
    const all = [spawn(count, mutex, cell, 1000), spawn(count, mutex, cell, 1000)]
    for (const each of all) yield* each
    return `${cell.load()}`
  },
  *"shared channel"() {
    const outcomes: Array<string> = []
    for (const capacity of [4, 0]) {
      const out = sharedChan(codec.i32, capacity)
      const got: Array<number> = []
      spawn(sendAll, out, 5)
      yield* out.forEach((n) => void got.push(n))
      outcomes.push(got.join())
    }
    return outcomes.join(" ")
  },
  *blocking() {
    return yield* blocking(hold, 50)
  },
  *transfer() {
    const bytes = new Uint8Array(8)
    const there = yield* spawn(size, transfer(bytes))
    return `${bytes.byteLength} ${there}`
  },
  *"an endless loop"() {
    const pool = new Pool({ threads: 1 })
    const spinning = pool.spawnWith({ grace: 50 }, spin)
    yield* sleep(300)
    spinning.interrupt()
    return `${yield* thrownBy(spinning)}, then ${yield* pool.spawn(square, 3)}`
  },
  *crash() {
    const pool = new Pool({ threads: 1 })
    return `${yield* thrownBy(pool.spawn(die))}, then ${yield* pool.spawn(square, 3)}`
  },
  *"error's class"() {
    try {
      yield* spawn(lose, 7)
      return "none"
    } catch (error) {
      return `${(error as NotFound).name} ${(error as NotFound).id}`
    }
  },
  *deadlock() {
    return String(yield* spawn(receive, chan<number>()))
  },
}

function* thrownBy(goroutine: Iterable<Op<unknown, unknown>>): Steps {
  try {
    yield* goroutine
    return "none"
  } catch (error) {
    return (error as Error).name
  }
}

// Threads load this module as well, for its tasks.
const [point] = (globalThis as { process?: { argv: Array<string> } }).process!.argv.slice(2) as [Point]
if (point in points)
  try {
    console.log(await run(programs[point], { deadlock: "fail" }))
  } catch (error) {
    if (!(error instanceof DeadlockError)) throw error
    console.log(error.message.includes("chan receive") ? "DeadlockError, chan receive" : error)
  }
