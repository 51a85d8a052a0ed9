/** Records itself: what it does is in its arguments. */
import { chan } from "@weft/channels"
import { go, run, sleep, trace } from "@weft/core"
import { Mutex } from "@weft/sync"
import { FlightRecorder, onDeadlock, onLeak, startTrace } from "@weft/devtools"

const [what, folder = "."] = process.argv.slice(2)

function* work() {
  const ch = chan<number>()
  go.named("sender", function* () {
    for (let i = 0; i < 100; i++) yield* ch.send(i)
    ch.close()
  })
  const region = trace.region("receiving")
  for (let v = yield* ch.receive(); v !== undefined; v = yield* ch.receive()) yield* sleep("1 millis")
  region[Symbol.dispose]()
  trace.log("all received")
}

function block(millis: number): void {
  for (const end = performance.now() + millis; performance.now() < end;);
}

if (what === "flight") {
  const recorder = await FlightRecorder.start({
    folder,
    on: { loopDelayMillis: 1000 },
    onSnapshot: (path, reason) => console.log(JSON.stringify({ path, reason })),
  })
  console.log("ready")
  await run(function* () {
    yield* work()
    yield* sleep("10 millis")
    block(1500)
    yield* sleep("500 millis")
  })
  console.log(JSON.stringify({ bytes: (await recorder.snapshot()).length }))
  await recorder.stop()
} else if (what === "panic" || what === "deadlock") {
  await FlightRecorder.start({
    folder,
    onSnapshot: (path, reason) => process.stdout.write(`${JSON.stringify({ path, reason })}\n`),
  })
  console.log("ready")
  await run(function* () {
    yield* work()
    go.named("unlucky", function* () {
      if (what === "panic") throw new Error("oh no")
    })
    yield* chan<number>().receive()
  })
} else if (what === "trace") {
  console.log("ready")
  const own = await startTrace(`${folder}/own.weft`, { ops: true })
  await run(work)
  await own.stop()
} else if (what === "values") {
  const recorder = await FlightRecorder.start({ folder, values: true })
  console.log("ready")
  await run(function* () {
    const ch = chan<object>()
    go.named("sender", function* () {
      yield* ch.send({ n: 1, secret: "hunter2" })
    })
    yield* ch.receive()
  })
  console.log(JSON.stringify(Buffer.from(await recorder.snapshot()).toString("base64")))
  await recorder.stop()
} else if (what === "plain") {
  console.log("ready")
  await run(work)
} else if (what === "watch") {
  const told = chan<string>(10)
  const tell = (names: ReadonlyArray<string>): void => {
    console.log(JSON.stringify(names))
    told.trySend("")
  }
  await onDeadlock((knot) => tell(knot.members.map(({ goroutine }) => goroutine.name).sort()), { every: "100 millis" })
  await onLeak((leaked) => tell(leaked.map(({ name }) => name)), { every: "100 millis" })
  console.log("ready")
  await run(function* () {
    const [a, b] = [new Mutex(), new Mutex()]
    function* both(first: Mutex, second: Mutex) {
      yield* first.lock()
      yield* sleep("10 millis")
      yield* second.lock()
    }
    go.named("ab", both, a, b)
    go.named("ba", both, b, a)
    // Held by the timer below: a deadlock, and no leak.
    const keep = setInterval(() => [a, b], 1000)
    yield* told.receive()
    go.named("forgotten", function* () {
      yield* chan<number>().receive()
    })
    yield* told.receive()
    // Time for several looks, of which none may tell again.
    yield* sleep("1 second")
    clearInterval(keep)
  })
}
