/**
 * Sends messages of all kinds in all ways, when it is told to: "go". Some stay in a buffer, and with senders that wait. It counts whatever of its own code runs while its values are
 * looked at: "noticed" answers that.
 */
import { createInterface } from "node:readline"
import { chan, select } from "@weft/channels"
import { go, type Goroutine, gosched, hold, run, sleep } from "@weft/core"

let noticed = 0
const notice = (): never => {
  noticed++
  throw new Error("somebody has looked")
}

class Order {
  readonly id: number
  readonly apiKey = "k-123"
  constructor(id: number) {
    this.id = id
  }
  get total(): number {
    return notice()
  }
  toString(): string {
    return notice()
  }
  toJSON(): unknown {
    return notice()
  }
  [Symbol.for("nodejs.util.inspect.custom")](): unknown {
    return notice()
  }
}

const watching: ProxyHandler<object> = {
  get: notice,
  has: notice,
  ownKeys: notice,
  getPrototypeOf: notice,
  getOwnPropertyDescriptor: notice,
}
const hostile = () => ({ proxy: new Proxy({}, watching), inherits: Object.create(new Proxy({}, watching)) as object })

const direct = chan<unknown>()
const buffered = chan<unknown>(2)
const jobs = chan<{ state: string }>(1)
const either = chan<string>()
const full = chan<unknown>(2)

function* exchange() {
  const ending = [
    go.named("receiver", function* () {
      for (let i = 0; i < 3; i++) yield* direct.receive()
    }),
    go.named("sender", function* () {
      yield* direct.send(new Order(7))
      yield* direct.send({ password: "hunter2", iban: "DE02", user: "ann" })
      yield* direct.send(hostile())
    }),
    go.named("alone", function* () {
      yield* buffered.send("first")
      yield* buffered.next()
      yield* buffered.send("second")
      yield* buffered.receive().map(() => "mapped")
      yield* buffered.send("third")
      yield* select({ got: buffered.receive() })
    }),
    go.named("changing", function* () {
      yield* jobs.send({ state: "new" })
      const job = yield* jobs.receive()
      job!.state = "done"
      yield* jobs.send(job!)
    }),
    go.named("selecting", function* () {
      yield* select({ said: either.send("by a select"), late: sleep("1 minutes") })
    }),
    go.named("listening", function* () {
      yield* select({ heard: either.receive(), late: sleep("1 minutes") })
    }),
  ]
  for (const goroutine of ending) yield* goroutine
  yield* parked(
    go.named("filling", function* () {
      yield* full.send({ token: "t", n: 1 })
      yield* full.send(hostile())
      yield* full.send("waits")
    }),
  )
  yield* parked(
    go.named("offering", function* () {
      yield* select({ full: full.send("offered"), late: sleep("10 minutes") })
    }),
  )
}

function* parked(goroutine: Goroutine) {
  while (goroutine.status !== "waiting") yield* gosched()
}

await run(
  function* () {
    hold()
    const lines = chan<string>(100)
    createInterface({ input: process.stdin }).on("line", (line) => void lines.trySend(line))
    console.log("ready")
    for (;;) {
      const line = yield* lines.receive()
      if (line === "go") yield* exchange()
      console.log(JSON.stringify({ noticed }))
    }
  },
  { deadlock: "ignore" },
)
