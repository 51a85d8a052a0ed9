/**
 * A program for tests: says `ready`, and answers each line of its input with one line of JSON: "state" what it holds and has open, "leak" starts goroutines that nobody can
 * wake, "stop" ends it.
 */
import { createInterface } from "node:readline"
import { chan } from "@weft/channels"
import { go, hold, run, sleep } from "@weft/core"

const collect = (globalThis as { gc?: () => void }).gc!

function state(): object {
  collect()
  collect()
  return {
    heapBytes: process.memoryUsage().heapUsed,
    resources: process.getActiveResourcesInfo().sort(),
    globals: Object.getOwnPropertyNames(globalThis).length + Object.getOwnPropertySymbols(globalThis).length,
  }
}

/** On channels that are forgotten; two wait for each other. */
function leak(): object {
  go.named("forgotten", function* () {
    yield* chan<number>().receive()
  })
  const there = chan<number>()
  const back = chan<number>()
  go.named("first of two", function* () {
    yield* there.send((yield* back.receive()) ?? 0)
  })
  go.named("second of two", function* () {
    yield* back.send((yield* there.receive()) ?? 0)
  })
  return { leaked: 3 }
}

const kept = chan<string>()

await run(
  function* () {
    hold()
    const lines = chan<string>(100)
    createInterface({ input: process.stdin }).on("line", (line) => void lines.trySend(line))
    go.named("kept", function* () {
      for (;;) yield* kept.receive()
    })
    go.named("talking", function* () {
      for (;;) {
        yield* kept.send("a secret: hunter2")
        yield* sleep("5 millis")
      }
    })
    console.log("ready")
    for (;;) {
      const line = yield* lines.receive()
      if (line === "stop" || line === undefined) process.exit(0)
      // Let what is under way come to its end first.
      yield* sleep("20 millis")
      console.log(JSON.stringify(line === "leak" ? leak() : state()))
    }
  },
  { deadlock: "ignore" },
)
